using JanServer.MediaApi.Objects;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.MediaApi.Uploads;

/// <summary>Fetches what a user's URL leads to.</summary>
internal sealed class RemoteSource(OutboundClient outbound, IOptions<MediaOptions> options)
{
    private const string Param = "source.url";

    public async Task<(ReadOnlyMemory<byte> Content, ApiError? Error)> FetchAsync(string? url, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            return (default, ApiError.Missing(Param));
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return (default, OutboundFailure.BadUrl.ToApiError(Param));
        }

        var result = await outbound.GetAsync(address, options.Value.MaxBytes, ct);
        if (!result.HasResponse)
        {
            return (default, result.Failure is OutboundFailure.TooLarge
                ? new(StatusCodes.Status413PayloadTooLarge, ErrorCodes.RequestTooLarge, "What the URL leads to is too large.", Param)
                : result.Failure.Value.ToApiError(Param));
        }

        return result.Response.IsSuccess
            ? (result.Response.Body, null)
            : (default, ApiError.Invalid(Param, $"The URL answered with status {(int)result.Response.Status}."));
    }
}

using JanServer.Contracts.Media;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Images;

/// <summary>Makes of what a provider sent what the client gets: links to stored files, or the images themselves.</summary>
internal sealed partial class ImageResults(
    MediaClient media, OutboundClient outbound, IOptions<ImageOptions> options, ILogger<ImageResults> logger)
{
    /// <summary>Delivers all images, or says that one cannot be had.</summary>
    /// <param name="isKept">Whether a conversation is to hold them, so that they are stored in any form.</param>
    public async Task<(IReadOnlyList<ImageResource> Images, ApiError? Error)> DeliverAsync(
        ImageAnswer answer, ImageForm form, bool isKept, CancellationToken ct)
    {
        var delivered = await Task.WhenAll(answer.Images.Select(image => DeliverAsync(image, form, isKept, ct)));
        return Array.Exists(delivered, image => image is null)
            ? ([], ApiError.Upstream("The model's server sent links to images that cannot be read."))
            : ([.. delivered.Select(image => image!)], null);
    }

    private async Task<ImageResource?> DeliverAsync(MadeImage image, ImageForm form, bool isKept, CancellationToken ct)
    {
        if (await BytesOfAsync(image, ct) is not { } bytes)
        {
            return null;
        }

        if (form is ImageForm.Base64 && !isKept)
        {
            return new(null, null, bytes, image.RevisedPrompt);
        }

        try
        {
            var stored = await media.StoreAsync(bytes, ImageFormats.Of(bytes) ?? "application/octet-stream", null, ct);
            return form is ImageForm.Base64
                ? new(stored.Id, null, bytes, image.RevisedPrompt)
                : new(stored.Id, stored.Url, null, image.RevisedPrompt);
        }
        catch (HttpRequestException failure)
        {
            // The image is made and may be paid for: better in the answer than lost.
            Log.NotStored(logger, failure);
            return new(null, null, bytes, image.RevisedPrompt);
        }
    }

    private async Task<byte[]?> BytesOfAsync(MadeImage image, CancellationToken ct)
    {
        if (image.Bytes is { } bytes)
        {
            return bytes;
        }

        if (!Uri.TryCreate(image.Url, UriKind.Absolute, out var url))
        {
            return null;
        }

        var result = await outbound.GetAsync(url, options.Value.MaxResponseBytes, ct);
        return result.Response is { IsSuccess: true } response ? response.Body.ToArray() : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A generated image could not be stored; the answer carries it as Base64")]
        public static partial void NotStored(ILogger logger, Exception failure);
    }
}

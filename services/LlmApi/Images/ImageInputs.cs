using JanServer.Contracts.Media;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Images;

/// <summary>An image that was found and is one.</summary>
internal sealed record LoadedImage(ReadOnlyMemory<byte> Bytes, string MimeType)
{
    public string Filename => $"image.{MimeType["image/".Length..]}";
}

/// <summary>Gets the images that an edit starts from: stored files in one batch, addresses through the guarded client, all at once.</summary>
internal sealed class ImageInputs(MediaClient media, OutboundClient outbound, IOptions<ImageOptions> options)
{
    public static ApiError TooLarge(string param, ImageOptions options) => new(
        StatusCodes.Status413PayloadTooLarge,
        ErrorCodes.RequestTooLarge,
        $"An image may have {options.MaxInputBytes} bytes at most.",
        param);

    /// <summary>The images in their order, or what is wrong with the first that is not to be had.</summary>
    public async Task<(IReadOnlyList<LoadedImage> Images, ApiError? Error)> LoadAsync(IReadOnlyList<ImageSource> sources, CancellationToken ct)
    {
        MediaResolution stored;
        try
        {
            stored = await media.ResolveAsDataUrlsAsync([.. sources.Select(source => source.Text).OfType<string>().Where(MediaRef.IsId)], ct);
        }
        catch (MediaTooLargeException)
        {
            return ([], TooLarge(sources.First(source => MediaRef.IsId(source.Text)).Param, options.Value));
        }

        var loaded = await Task.WhenAll(sources.Select(source => LoadAsync(source, stored, ct)));
        return Array.Find(loaded, one => one.Error is not null).Error is { } error
            ? ([], error)
            : ([.. loaded.Select(one => one.Image!)], null);
    }

    private async Task<(LoadedImage? Image, ApiError? Error)> LoadAsync(ImageSource source, MediaResolution stored, CancellationToken ct)
    {
        var (bytes, error) = source.Text is { } text ? await BytesOfAsync(text, source.Param, stored, ct) : (source.Bytes, null);
        return error is not null ? (null, error)
            : bytes.Length > options.Value.MaxInputBytes ? (null, TooLarge(source.Param, options.Value))
            : ImageFormats.Of(bytes.Span) is { } type ? (new(bytes, type), null)
            : (null, ApiError.Invalid(source.Param, "This is no PNG, JPEG, WebP or GIF image."));
    }

    private async Task<(ReadOnlyMemory<byte> Bytes, ApiError? Error)> BytesOfAsync(
        string text, string param, MediaResolution stored, CancellationToken ct)
    {
        if (MediaRef.IsId(text))
        {
            return stored.Found.TryGetValue(text, out var file)
                ? Decode(file.Url, param)
                : (default, ApiError.Invalid(param, $"No file was found with the id '{text}'."));
        }

        if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return Decode(text, param);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            return (default, OutboundFailure.BadUrl.ToApiError(param));
        }

        var result = await outbound.GetAsync(url, options.Value.MaxInputBytes, ct);
        return !result.HasResponse ? (default, result.Failure.Value.ToApiError(param))
            : result.Response.IsSuccess ? (result.Response.Body, null)
            : (default, ApiError.Invalid(param, $"The URL answered with status {(int)result.Response.Status}."));
    }

    private static (ReadOnlyMemory<byte> Bytes, ApiError? Error) Decode(string text, string param)
    {
        var start = 0;
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            start = text.IndexOf(',', StringComparison.Ordinal) + 1;
            if (start == 0 || !text.AsSpan(0, start - 1).EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
            {
                return (default, ApiError.Invalid(param, "A data URL must be in Base64: data:image/png;base64,…"));
            }
        }

        var bytes = new byte[((text.Length - start) / 4 * 3) + 3];
        return Convert.TryFromBase64Chars(text.AsSpan(start), bytes, out var length)
            ? (bytes.AsMemory(0, length), null)
            : (default, ApiError.Invalid(param, "This is no id jan_…, no http(s) address, no data URL and no Base64."));
    }
}

using System.Text.Json;
using JanServer.Contracts.Media;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Resilience;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>An image itself.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Format"><c>png</c>, <c>jpeg</c>, <c>webp</c> or <c>gif</c>, by what the file begins with.</param>
internal sealed record MadeImage(ReadOnlyMemory<byte> Bytes, string Format);

/// <summary>Reads the image that a tool made: in its answer, or, by its id, from media-api for the caller.</summary>
internal sealed class MadeImages(IHttpClientFactory clients)
{
    /// <summary>The service that keeps images, and the client of it.</summary>
    public const string Service = "media-api";

    private const int MaxBytes = 32 << 20;

    /// <summary>The first image of the result; null when there is none that can be read.</summary>
    public async ValueTask<MadeImage?> ReadAsync(Caller caller, McpToolResult result, CancellationToken ct)
    {
        var bytes = result.Content.Select(block => Base64(block, "data")).FirstOrDefault(found => found is not null);
        var made = (result.Structured?.Elements("data") ?? []).FirstOrDefault();
        bytes ??= Base64(made, "b64_json");
        if (bytes is null && made.Text("id") is { } id && MediaRef.IsId(id))
        {
            bytes = await FetchAsync(caller, id, ct);
        }

        return bytes is not null && FormatOf(bytes) is { } format ? new(bytes, format) : null;
    }

    private static byte[]? Base64(JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String
        && value.TryGetBytesFromBase64(out var bytes)
            ? bytes
            : null;

    private static string? FormatOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 4 && bytes[0] == 0x89 && bytes[1..].StartsWith("PNG"u8) ? "png"
        : bytes.Length > 2 && bytes[0] == 0xFF && bytes[1] == 0xD8 ? "jpeg"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "webp"
        : bytes.StartsWith("GIF8"u8) ? "gif"
        : null;

    private async Task<byte[]?> FetchAsync(Caller caller, string id, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"v1/media/{id}/content", UriKind.Relative)).For(caller);
        try
        {
            using var response = await clients.CreateClient(Service).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!response.IsSuccessStatusCode)
            {
                return null;
            }

            await using var body = new BoundedReadStream(await response.Content.ReadAsStreamAsync(ct), MaxBytes);
            using var bytes = new MemoryStream();
            await body.CopyToAsync(bytes, ct);
            return bytes.ToArray();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }
}

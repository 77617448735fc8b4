using System.Text.Json;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>The rules of parts that are no text. They are stored as they come; nothing is fetched.</summary>
internal static class MediaParts
{
    private const long MaxFileBytes = 512L << 20;

    private static readonly string[] Schemes = ["http://", "https://", "data:", "file://", "jan_"];

    /// <summary>An image: <c>{"type":"input_image","image_url":…}</c> of OpenAI, or <c>{"type":"image","image":{"url":…}}</c>.</summary>
    public static ApiError? CheckImage(JsonElement part, string type, string path)
    {
        var (holder, at) = (part, path);
        if (type == "image")
        {
            at = $"{path}.image";
            if (!part.TryGetProperty("image", out holder) || holder.ValueKind != JsonValueKind.Object)
            {
                return ApiError.Missing(at);
            }
        }

        var urlKey = type == "image" ? "url" : "image_url";
        var hasUrl = Has(holder, urlKey, out var url);
        if (hasUrl && url.ValueKind == JsonValueKind.Object)
        {
            // The form of chat: {"image_url":{"url":…,"detail":…}}.
            (holder, at, urlKey) = (url, $"{at}.{urlKey}", "url");
            hasUrl = Has(holder, urlKey, out url);
        }

        if (hasUrl == Has(holder, "file_id", out var file))
        {
            return ApiError.Invalid(at, $"An image must have exactly one of '{urlKey}' and 'file_id'.");
        }

        if (hasUrl && !IsAddress(url))
        {
            return ApiError.Invalid($"{at}.{urlKey}", "It must be an http, https, data or file URL, or the id of a stored medium.");
        }

        if (!hasUrl && !IsText(file))
        {
            return ApiError.Invalid($"{at}.file_id", "It must be a string.");
        }

        return Has(holder, "detail", out var detail) && !IsOneOf(detail, "low", "high", "auto", "original")
            ? ApiError.Invalid($"{at}.detail", "It must be 'low', 'high' or 'auto'.")
            : null;
    }

    /// <summary>A file: <c>{"type":"input_file","file_id":…}</c> of OpenAI, or <c>{"type":"file","file":{"file_id":…}}</c>.</summary>
    public static ApiError? CheckFile(JsonElement part, string type, string path)
    {
        if (type == "input_file")
        {
            return Has(part, "file_id", out _) || Has(part, "file_data", out _) || Has(part, "file_url", out _)
                ? null
                : ApiError.Invalid(path, "A file must have one of 'file_id', 'file_data' and 'file_url'.");
        }

        if (!Has(part, "file", out var file) || file.ValueKind != JsonValueKind.Object)
        {
            return ApiError.Missing($"{path}.file");
        }

        if (!Has(file, "file_id", out var id) || !IsText(id))
        {
            return ApiError.Missing($"{path}.file.file_id");
        }

        return Has(file, "size", out var size) && !(size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) && bytes is >= 0 and <= MaxFileBytes)
            ? ApiError.Invalid($"{path}.file.size", "A file may have at most 512 MiB.")
            : null;
    }

    /// <summary>Sound: <c>{"type":"input_audio","input_audio":{"data":…,"format":"mp3"}}</c>.</summary>
    public static ApiError? CheckAudio(JsonElement part, string type, string path)
    {
        if (!Has(part, type, out var audio))
        {
            return ApiError.Missing($"{path}.{type}");
        }

        if (audio.ValueKind != JsonValueKind.Object)
        {
            return ApiError.Invalid($"{path}.{type}", "It must be an object.");
        }

        return Has(audio, "format", out var format) && !IsOneOf(format, "mp3", "wav", "opus", "flac", "pcm16")
            ? ApiError.Invalid($"{path}.{type}.format", "It must be one of 'mp3', 'wav', 'opus', 'flac' and 'pcm16'.")
            : null;
    }

    private static bool Has(JsonElement holder, string key, out JsonElement value) =>
        holder.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0;

    private static bool IsAddress(JsonElement value) =>
        IsText(value) && Schemes.Any(scheme => value.GetString()!.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    private static bool IsOneOf(JsonElement value, params ReadOnlySpan<string> words) =>
        value.ValueKind == JsonValueKind.String && words.Contains(value.GetString()!);
}

using System.Text.Json;
using JanServer.LlmApi.Metering;

namespace JanServer.LlmApi.Images;

/// <summary>One image of a provider's answer: itself, or where it is.</summary>
internal sealed record MadeImage(byte[]? Bytes, string? Url, string? RevisedPrompt);

/// <summary>A provider's answer.</summary>
internal sealed record ImageAnswer(IReadOnlyList<MadeImage> Images, JsonElement? Usage, TokenCounts? Counts)
{
    /// <summary>Reads an answer; null when it is none.</summary>
    public static ImageAnswer? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("data", out var data)
                || data.ValueKind is not JsonValueKind.Array
                || data.GetArrayLength() == 0)
            {
                return null;
            }

            var images = new List<MadeImage>(data.GetArrayLength());
            foreach (var item in data.EnumerateArray())
            {
                var bytes = item.ValueKind is JsonValueKind.Object
                    && item.TryGetProperty("b64_json", out var encoded)
                    && encoded.ValueKind is JsonValueKind.String
                    && encoded.TryGetBytesFromBase64(out var decoded) ? decoded : null;
                var url = bytes is null ? Text(item, "url") : null;
                if (bytes is null && url is null)
                {
                    return null;
                }

                images.Add(new(bytes, url, Text(item, "revised_prompt")));
            }

            JsonElement? usage = root.TryGetProperty("usage", out var counted) && counted.ValueKind is JsonValueKind.Object ? counted.Clone() : null;
            return new(images, usage, CountsOf(usage));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TokenCounts? CountsOf(JsonElement? usage)
    {
        if (usage is not { } element)
        {
            return null;
        }

        var reader = new Utf8JsonReader(JsonSerializer.SerializeToUtf8Bytes(element, ImageJson.Default.JsonElement));
        reader.Read();
        return TokenCounts.Read(ref reader, out _);
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}

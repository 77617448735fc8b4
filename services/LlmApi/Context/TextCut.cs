using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JanServer.LlmApi.Context;

/// <summary>Cuts texts down to a number of tokens: JSON stays JSON, characters stay whole, and the reader is told.</summary>
internal static class TextCut
{
    private const string Marker = " [truncated]";

    // Strings shorter than this are names and numbers rather than text; cutting them saves little and ruins much.
    private const int ShortestString = 32;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The beginning of a text, up to <paramref name="tokens"/>.</summary>
    public static string Text(string text, int tokens)
    {
        var estimate = default(TokenEstimate);
        foreach (var rune in Marker.EnumerateRunes())
        {
            estimate.Add(rune);
        }

        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            estimate.Add(rune);
            if (estimate.Tokens > tokens)
            {
                return text[..length] + Marker;
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary>A text that may be JSON, such as a tool's result: as JSON when it is an object or array, else as text.</summary>
    public static string JsonOrText(string text, int tokens) => Json(text, tokens) ?? Text(text, tokens);

    /// <summary>
    /// The same object or array with its longest strings cut, and when that is not enough, with fewer elements and members. Null when the
    /// text is neither, or not Unicode.
    /// </summary>
    public static string? Json(string text, int tokens)
    {
        var start = text.AsSpan().TrimStart();
        if (start.IsEmpty || start[0] is not ('{' or '['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var buffer = new ArrayBufferWriter<byte>();
            var elements = int.MaxValue;
            for (var length = Math.Max(ShortestString, tokens * 2); elements > 0; length /= 2)
            {
                elements = length >= ShortestString ? elements : elements == int.MaxValue ? 64 : elements / 2;
                buffer.ResetWrittenCount();
                using (var json = new Utf8JsonWriter(buffer, Relaxed))
                {
                    Write(json, document.RootElement, Math.Max(length, ShortestString), elements);
                }

                var cut = Encoding.UTF8.GetString(buffer.WrittenSpan);
                if (TokenEstimate.Of(cut) <= tokens)
                {
                    return cut;
                }
            }

            return document.RootElement.ValueKind == JsonValueKind.Array ? "[]" : "{\"truncated\":true}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, JsonElement value, int length, int elements)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().Take(elements))
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value, length, elements);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray().Take(elements))
                {
                    Write(json, element, length, elements);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(Shorten(value.GetString()!, length));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static string Shorten(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = length - Marker.Length;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Marker;
    }
}

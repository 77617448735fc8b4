using System.Text.Json;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Media;

/// <summary>
/// Finds the ids of stored files in message parts. Only where a part takes a URL or a file: text that mentions an id stays text. An id
/// stands alone, or as the reference's clients write it, at the end of <c>data:image/png;jan_…</c> or <c>data:image/png;base64,jan_…</c>.
/// </summary>
internal static class MediaReferences
{
    private const string Prefix = "jan_";

    // Of the placeholder form; no file of the size that matters is that short.
    private const int LongestPlaceholder = 200;

    /// <summary>Whether the messages hold what may be an id: the only thing that a request without one pays for.</summary>
    public static bool MayHave(ReadOnlySpan<byte> messages) => messages.IndexOf("jan_"u8) >= 0;

    public static List<MediaReference> Find(ReadOnlySpan<byte> body, MessageMap map)
    {
        var found = new List<MediaReference>();
        foreach (var message in map.Messages)
        {
            if (message.Kind == ContentKind.Parts && MayHave(message.Content.Of(body)))
            {
                FindIn(body, message.Content, found);
            }
        }

        return found;
    }

    private static void FindIn(ReadOnlySpan<byte> body, ByteRange content, List<MediaReference> found)
    {
        var json = new Utf8JsonReader(content.Of(body));
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var holds = HoldsFile(ref json);
                json.Read();
                if (holds && json.TokenType == JsonTokenType.StartObject)
                {
                    FindInPayload(ref json, content.Start, found);
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }

    private static bool HoldsFile(ref Utf8JsonReader json) =>
        json.ValueTextEquals("image_url"u8) || json.ValueTextEquals("input_audio"u8) || json.ValueTextEquals("file"u8)
        || json.ValueTextEquals("video_url"u8) || json.ValueTextEquals("audio_url"u8);

    private static void FindInPayload(ref Utf8JsonReader json, int offset, List<MediaReference> found)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var nameAt = offset + (int)json.TokenStartIndex;
            var form = FormOf(ref json);
            json.Read();
            if (form is { } known && json.TokenType == JsonTokenType.String && IdIn(ref json) is { } id)
            {
                var value = new ByteRange(offset + (int)json.TokenStartIndex, offset + (int)json.BytesConsumed);
                found.Add(new(id, value, known == MediaForm.FileData ? new(nameAt, value.End) : value, known));
            }

            json.Skip();
        }
    }

    private static MediaForm? FormOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("url"u8) || json.ValueTextEquals("file_data"u8) ? MediaForm.Url
        : json.ValueTextEquals("data"u8) ? MediaForm.Base64
        : json.ValueTextEquals("file_id"u8) ? MediaForm.FileData
        : null;

    private static string? IdIn(ref Utf8JsonReader json)
    {
        if (json.ValueSpan.Length > LongestPlaceholder)
        {
            return null;
        }

        var text = json.GetString()!;
        if (text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return text;
        }

        if (!text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var id = text[(text.LastIndexOfAny([';', ',']) + 1)..];
        return id.StartsWith(Prefix, StringComparison.Ordinal) ? id : null;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>
/// Builds the <c>content</c> of an item: a JSON array of parts in OpenAI's form, text under <c>text</c>. The reference's key, which is the
/// part's type, is added when an item is answered.
/// </summary>
internal sealed class ContentBuilder
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Action<Utf8JsonWriter>> _parts = [];

    /// <summary>The content of one part of text.</summary>
    public static string Text(string type, string text) => new ContentBuilder().AddText(type, text).Build()!;

    /// <summary>Adds a part such as <c>{"type":"input_text","text":…}</c>; <c>output_text</c> gets its empty annotations.</summary>
    public ContentBuilder AddText(string type, string text, string? toolCallId = null) => Add(json =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("text"u8, StorableText.Of(text));
        if (type == ContentTypes.OutputText)
        {
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
        }

        if (toolCallId is not null)
        {
            json.WriteString("tool_call_id"u8, StorableText.Of(toolCallId));
        }

        json.WriteEndObject();
    });

    /// <summary>Adds <c>{"type":"tool_calls","tool_calls":[…]}</c>; the calls are a JSON array in the form of chat.</summary>
    public ContentBuilder AddToolCalls(byte[] calls) => Add(json =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, ContentTypes.ToolCalls);
        json.WritePropertyName("tool_calls"u8);
        json.WriteRawValue(calls);
        json.WriteEndObject();
    });

    /// <summary>Adds a part that is JSON in the stored form already.</summary>
    public ContentBuilder Add(JsonElement part) => Add(part.WriteTo);

    /// <summary>Adds a part of one's own, from its opening brace to its closing one.</summary>
    public ContentBuilder Add(Action<Utf8JsonWriter> write)
    {
        _parts.Add(write);
        return this;
    }

    /// <summary>The array, or null when it has no parts.</summary>
    public string? Build()
    {
        if (_parts.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (var write in _parts)
            {
                write(json);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

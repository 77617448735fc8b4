using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.LlmApi.Conversations.Items;

/// <summary>
/// The parts of an item as they are answered: in OpenAI's form, and beside <c>text</c> also under the part's type, where the reference's
/// clients look: <c>{"type":"input_text","text":"hi","input_text":"hi"}</c>.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class ItemContent
{
    private readonly string _json;

    internal ItemContent(string json) => _json = json;

    internal sealed class Converter : JsonConverter<ItemContent>
    {
        public override ItemContent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new ItemContent(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, ItemContent value, JsonSerializerOptions options)
        {
            using var document = JsonDocument.Parse(value._json);
            writer.WriteStartArray();
            foreach (var part in document.RootElement.EnumerateArray())
            {
                if (part.ValueKind != JsonValueKind.Object)
                {
                    part.WriteTo(writer);
                    continue;
                }

                writer.WriteStartObject();
                foreach (var member in part.EnumerateObject())
                {
                    member.WriteTo(writer);
                }

                if (part.TryGetProperty("type"u8, out var type)
                    && type.ValueEquals(ContentTypes.InputText) | type.ValueEquals(ContentTypes.ReasoningText) | type.ValueEquals(ContentTypes.ToolResult) | type.ValueEquals(ContentTypes.McpCall)
                    && part.TryGetProperty("text"u8, out var text)
                    && !part.TryGetProperty(type.GetString()!, out _))
                {
                    writer.WritePropertyName(type.GetString()!);
                    text.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }
}

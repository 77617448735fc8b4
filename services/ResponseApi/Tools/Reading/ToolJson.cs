using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.ResponseApi.Items;

namespace JanServer.ResponseApi.Tools.Reading;

/// <summary>What tools need of JSON beside what items do: arguments, and records of results.</summary>
internal static class ToolJson
{
    /// <summary>Text of an object whose fields <paramref name="fields"/> writes.</summary>
    public static string Text(Action<Utf8JsonWriter> fields) => System.Text.Encoding.UTF8.GetString(Write(json =>
    {
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
    }));

    /// <summary>The same JSON, unchangeable.</summary>
    public static JsonElement Element(JsonNode node)
    {
        return ItemJson.Parse(Write(json => node.WriteTo(json)));
    }

    /// <summary>
    /// Reads arguments as models write them: an object, an object within a string, or nothing for no arguments. Null for anything else.
    /// </summary>
    public static JsonElement? Arguments(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return ItemJson.Build(_ => { });
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind is JsonValueKind.String)
            {
                using var inner = JsonDocument.Parse(root.GetString()!);
                return inner.RootElement.ValueKind is JsonValueKind.Object ? inner.RootElement.Clone() : null;
            }

            return root.ValueKind is JsonValueKind.Object ? root.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a field whose value is JSON already.</summary>
    public static void WriteElement(this Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    private static ReadOnlySpan<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            write(json);
        }

        return buffer.WrittenSpan;
    }
}

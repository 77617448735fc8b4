using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanServer.ResponseApi.Tools.Reading;

/// <summary>Makes the JSON of items, arguments and results.</summary>
internal static class ToolJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object whose fields <paramref name="fields"/> writes.</summary>
    public static JsonElement Object(Action<Utf8JsonWriter> fields)
    {
        var reader = new Utf8JsonReader(Write(json =>
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }));
        return JsonElement.ParseValue(ref reader);
    }

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
        var reader = new Utf8JsonReader(Write(json => node.WriteTo(json)));
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>
    /// Reads arguments as models write them: an object, an object within a string, or nothing for no arguments. Null for anything else.
    /// </summary>
    public static JsonElement? Arguments(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Object(_ => { });
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

    /// <summary>The string of a field, or null.</summary>
    public static string? TextOf(JsonElement json, string name) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The entries of an array field; none when there is no such field.</summary>
    public static IEnumerable<JsonElement> EntriesOf(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Array
            ? value.EnumerateArray()
            : [];

    /// <summary>Writes a field that may be null.</summary>
    public static void WriteStringOrNull(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, value);
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
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            write(json);
        }

        return buffer.WrittenSpan;
    }
}

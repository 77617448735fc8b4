using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JanServer.ResponseApi.Items;

/// <summary>Makes and reads items as JSON. Text is written as it is, not escaped for HTML.</summary>
internal static class ItemJson
{
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object with the members that <paramref name="members"/> writes.</summary>
    public static JsonElement Build(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Parse(buffer.WrittenSpan);
    }

    /// <summary>A value that lives as long as it is held.</summary>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The text of a member, or null when it is absent or no string.</summary>
    public static string? Text(this JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The member, or null when it is absent or null.</summary>
    public static JsonElement? Member(this JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;

    /// <summary>The elements of a member that is an array; none when it is not.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement item, string name) =>
        item.Member(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The type of an item.</summary>
    public static string TypeOf(this JsonElement item) => item.Text("type") ?? "";

    /// <summary>The item with another value of <c>status</c>.</summary>
    public static JsonElement WithStatus(this JsonElement item, string status) => Build(json =>
    {
        var written = false;
        foreach (var member in item.EnumerateObject())
        {
            if (member.NameEquals("status"u8))
            {
                written = true;
                json.WriteString("status"u8, status);
                continue;
            }

            member.WriteTo(json);
        }

        if (!written)
        {
            json.WriteString("status"u8, status);
        }
    });
}

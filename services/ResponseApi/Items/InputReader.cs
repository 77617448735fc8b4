using System.Buffers;
using System.Globalization;
using System.Text.Json;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Items;

/// <summary>
/// Turns <c>input</c> into items in OpenAI's form, each with an id: a string is a message of the user, and so is the reference's single
/// object with <c>content</c> or <c>text</c>. An <c>item_reference</c> stays one; whoever has the items puts the item in its place.
/// </summary>
internal static class InputReader
{
    private const int MaxItems = 2048;
    private const string Member = "input";

    /// <summary>What is wrong with the input; null when nothing is.</summary>
    public static ApiError? Check(JsonElement? input) => Read(input, TimeProvider.System).Error;

    /// <summary>The items, or a 400 that names the path of the field at fault, such as <c>input[2].content[0].image_url</c>.</summary>
    /// <param name="input">The member of the request; null is no item.</param>
    /// <param name="clock">For the ids of items that have none.</param>
    /// <param name="member">What the member is called, for errors: <c>input</c>, or <c>items</c> of a conversation.</param>
    public static (IReadOnlyList<ContextItem>? Items, ApiError? Error) Read(JsonElement? input, TimeProvider clock, string member = Member)
    {
        switch (input)
        {
            case null:
                return ([], null);
            case { ValueKind: JsonValueKind.String } text:
                return ReadText(text, clock, member);
            case { ValueKind: JsonValueKind.Object } one:
                var (item, wrong) = ReadItem(one, member, clock);
                return wrong is null ? ([new(item)], null) : (null, wrong);
            case { ValueKind: JsonValueKind.Array } many:
                return ReadAll(many, clock, member);
            default:
                return (null, ApiError.Invalid(member, "It must be a string or an array of items."));
        }
    }

    private static (IReadOnlyList<ContextItem>? Items, ApiError? Error) ReadText(JsonElement text, TimeProvider clock, string member)
    {
        if (FieldReader.TextOf(text) is not { } value || value.Contains('\0', StringComparison.Ordinal))
        {
            return (null, ApiError.Invalid(member, "It holds text that is not valid Unicode, or NUL."));
        }

        return ([new(Message(value, clock))], null);
    }

    private static JsonElement Message(string text, TimeProvider clock) => ItemJson.Build(json =>
    {
        json.WriteString("id"u8, ItemIds.New("message", clock));
        json.WriteString("type"u8, "message"u8);
        json.WriteString("status"u8, "completed"u8);
        json.WriteString("role"u8, "user"u8);
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "input_text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static (IReadOnlyList<ContextItem>? Items, ApiError? Error) ReadAll(JsonElement many, TimeProvider clock, string member)
    {
        var count = many.GetArrayLength();
        if (count > MaxItems)
        {
            return (null, ApiError.Invalid(member, $"It must have at most {MaxItems} items."));
        }

        var items = new List<ContextItem>(count);
        foreach (var element in many.EnumerateArray())
        {
            var (item, error) = ReadItem(element, string.Create(CultureInfo.InvariantCulture, $"{member}[{items.Count}]"), clock);
            if (error is not null)
            {
                return (null, error);
            }

            items.Add(new(item));
        }

        return (items, null);
    }

    /// <summary>One item in OpenAI's form, with an id.</summary>
    /// <param name="item">As the client sent it.</param>
    /// <param name="path">Where it is, for errors.</param>
    /// <param name="clock">For its id, when it has none.</param>
    public static (JsonElement Item, ApiError? Error) ReadItem(JsonElement item, string path, TimeProvider clock)
    {
        try
        {
            var fields = new FieldReader(item, path);
            return fields.Error is { } error ? (default, error) : ReadItem(fields, clock);
        }
        catch (InvalidOperationException)
        {
            return (default, ApiError.Invalid(path, "It holds text that is not valid Unicode."));
        }
    }

    private static (JsonElement Item, ApiError? Error) ReadItem(FieldReader fields, TimeProvider clock)
    {
        var type = fields.Text("type", least: 1) ?? ImpliedType(fields);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, ItemJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, fields.Text("id", 1, 128) ?? ItemIds.New(type, clock));
            json.WriteString("type"u8, type);
            ItemForms.Write(json, fields, type);
            json.WriteEndObject();
        }

        return fields.Error is null ? (ItemJson.Parse(buffer.WrittenSpan), null) : (default, fields.Error);
    }

    // OpenAI leaves out the type of messages and of references.
    private static string ImpliedType(FieldReader fields) =>
        fields.Has("role") || fields.Has("content") || fields.Has("text") || !fields.Has("id") ? "message" : "item_reference";
}

using System.Text;
using System.Text.Json;

namespace JanServer.ResponseApi.Items;

/// <summary>What items say to a model, in words.</summary>
internal static class ItemTexts
{
    /// <summary>The text of a message's content.</summary>
    public static string OfContent(JsonElement item) => OfParts(item.Elements("content"));

    /// <summary>The text of an output of the client's tool: a string, or the text of its parts.</summary>
    public static string OfOutput(JsonElement item)
    {
        if (item.Text("output") is { } text)
        {
            return text;
        }

        var parts = OfParts(item.Elements("output"));
        return parts.Length > 0 ? parts : "The result is shown in the next message.";
    }

    /// <summary>Reasoning as the model wrote it, else its summary; null for neither.</summary>
    public static string? OfReasoning(JsonElement item)
    {
        var text = OfParts(item.Elements("content"));
        text = text.Length > 0 ? text : OfParts(item.Elements("summary"));
        return text.Length > 0 ? text : null;
    }

    /// <summary>
    /// An item of a tool that the record of its run does not come with, such as one that a client sends back: as a call, when the item
    /// itself says enough for that.
    /// </summary>
    public static StepCall? OfForeign(JsonElement item)
    {
        var id = item.Text("id") ?? "";
        switch (item.TypeOf())
        {
            case "mcp_call":
                var output = item.Text("output") ?? (item.Member("error") is { } error ? $"Error: {Plain(error)}" : "");
                return new(id, item.Text("name") ?? "", item.Text("arguments") ?? "", output);
            case "code_interpreter_call" when item.Text("code") is { } code:
                var logs = string.Join('\n', item.Elements("outputs").Select(one => one.Text("logs")).OfType<string>());
                return new(id, "code_interpreter", InputAsArguments(code, "code"), logs);
            case "file_search_call" when item.Elements("results").Any():
                var found = item.Elements("results").Select(one => $"{one.Text("filename")}: {one.Text("text")}");
                var queries = string.Join("; ", item.Elements("queries").Select(Plain));
                return new(id, "file_search", InputAsArguments(queries, "query"), string.Join("\n\n", found));
            default:
                return null;
        }
    }

    /// <summary>Arguments as engines take them back: text of a JSON object. What is none is put into one.</summary>
    public static string AsObject(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return "{}";
        }

        return IsObject(arguments) ? arguments : InputAsArguments(arguments, "raw");
    }

    /// <summary>Whether the text is one JSON object.</summary>
    public static bool IsObject(string text)
    {
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return json.Read() && json.TokenType == JsonTokenType.StartObject && json.TrySkip() && !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>An object with the one member.</summary>
    public static string InputAsArguments(string input, string name = "input") => ItemJson.Build(json => json.WriteString(name, input)).GetRawText();

    private static string OfParts(IEnumerable<JsonElement> parts)
    {
        string? first = null;
        StringBuilder? all = null;
        foreach (var part in parts)
        {
            if ((part.Text("text") ?? part.Text("refusal")) is not { Length: > 0 } text)
            {
                continue;
            }

            if (first is null)
            {
                first = text;
                continue;
            }

            (all ??= new(first)).Append('\n').Append(text);
        }

        return all?.ToString() ?? first ?? "";
    }

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}

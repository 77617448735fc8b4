using System.Text.Json;

namespace JanServer.ResponseApi.Requests;

/// <summary>Reads <c>tool_choice</c> in all its forms, and checks that the tools it names are among those of the request.</summary>
internal static class ToolChoiceReader
{
    private const string Member = "tool_choice";

    private static readonly string[] Hosted =
        ["web_search", "file_search", "code_interpreter", "image_generation", "memory"];

    public static ToolChoiceRequest Read(FieldReader body, IReadOnlyList<JsonElement> tools)
    {
        if (body.Find(Member) is not { } raw)
        {
            return ToolChoiceRequest.Auto;
        }

        if (raw.ValueKind == JsonValueKind.String)
        {
            return new(ModeOf(body, tools.Count > 0)) { Raw = raw };
        }

        if (body.Object(Member) is not { } choice || choice.Text("type") is not { } type)
        {
            body.Fail(Member, "It must be 'none', 'auto', 'required' or an object with a type.");
            return ToolChoiceRequest.Auto;
        }

        if (type == "allowed_tools")
        {
            return ReadAllowed(choice, raw, tools);
        }

        var selector = ReadSelector(choice, type);
        if (selector is not null)
        {
            CheckOffered(choice, selector, tools);
        }

        return new(ToolMode.Required, selector is null ? null : [selector]) { Raw = raw };
    }

    /// <summary>A type of tool without the date that OpenAI gives its versions: <c>web_search_preview_2025_03_11</c> is <c>web_search</c>.</summary>
    public static string Plain(string type) =>
        type.StartsWith("web_search", StringComparison.Ordinal) ? "web_search" : type;

    private static ToolMode ModeOf(FieldReader body, bool hasTools)
    {
        var mode = body.Choice(Member, "none", "auto", "required") switch
        {
            "none" => ToolMode.None,
            "required" => ToolMode.Required,
            _ => ToolMode.Auto,
        };
        if (mode == ToolMode.Required && !hasTools)
        {
            body.Fail(Member, "A tool call cannot be required without 'tools'.");
        }

        return mode;
    }

    private static ToolChoiceRequest ReadAllowed(FieldReader choice, JsonElement raw, IReadOnlyList<JsonElement> tools)
    {
        var mode = choice.Choice("mode", "auto", "required");
        var allowed = new List<ToolSelector>();
        if (choice.Find("tools") is null)
        {
            choice.Fail("tools", "It must name the tools that are allowed.");
        }

        foreach (var element in choice.Array("tools", 128))
        {
            var one = choice.Element(element);
            if (one.NeedText("type") is { Length: > 0 } type && ReadSelector(one, type) is { } selector)
            {
                CheckOffered(one, selector, tools);
                allowed.Add(selector);
            }
        }

        return new(mode == "required" ? ToolMode.Required : ToolMode.Auto, allowed) { Raw = raw, IsLasting = true };
    }

    private static ToolSelector? ReadSelector(FieldReader choice, string type)
    {
        switch (type)
        {
            case "function" or "custom":
                // Chat completions, and the reference, name the function one level deeper.
                var name = choice.Text("name", least: 1) ?? choice.Object(type)?.Text("name", least: 1);
                if (name is null)
                {
                    choice.Fail(ServiceDefaults.Errors.ApiError.Missing(choice.PathOf("name")));
                }

                return new(type, name);
            case "mcp":
                return new(type, choice.Text("name", least: 1), choice.NeedText("server_label"));
            default:
                if (Hosted.Contains(Plain(type), StringComparer.Ordinal))
                {
                    return new(Plain(type));
                }

                choice.Fail("type", "This server has no tool of that type.");
                return null;
        }
    }

    private static void CheckOffered(FieldReader choice, ToolSelector wanted, IReadOnlyList<JsonElement> tools)
    {
        foreach (var tool in tools)
        {
            if (string.Equals(Plain(TextOf(tool, "type")), wanted.Type, StringComparison.Ordinal)
                && (wanted.Type == "mcp"
                    ? string.Equals(TextOf(tool, "server_label"), wanted.ServerLabel, StringComparison.Ordinal)
                    : wanted.Name is null || string.Equals(TextOf(tool, "name"), wanted.Name, StringComparison.Ordinal)))
            {
                return;
            }
        }

        choice.Fail(wanted.Type == "mcp" ? "server_label" : wanted.Name is null ? "type" : "name", "There is no such tool in 'tools'.");
    }

    private static string TextOf(JsonElement tool, string name) =>
        tool.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

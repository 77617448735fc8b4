using System.Text.Json;
using System.Text.RegularExpressions;
using JanServer.Inference.Requests;

namespace JanServer.Inference.Chat;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
internal static partial class ToolReader
{
    private const int MaxTools = 128;

    public static IReadOnlyList<ToolDefinition> Tools(Fields body, Problems problems)
    {
        var tools = new List<ToolDefinition>();
        foreach (var tool in body.Objects("tools") ?? [])
        {
            if (tool.RequiredText("type") is { Length: > 0 } type && type != "function")
            {
                problems.Invalid(tool.PathOf("type"), $"'{tool.PathOf("type")}' must be 'function': this model calls functions only.");
            }

            if (tool.Object("function") is not { } function)
            {
                problems.Missing(tool.PathOf("function"));
                continue;
            }

            tools.Add(Function(function, tools, problems));
        }

        if (tools.Count > MaxTools)
        {
            problems.Invalid("tools", $"'tools' may have at most {MaxTools} tools.");
        }

        return tools;
    }

    private static ToolDefinition Function(Fields function, List<ToolDefinition> others, Problems problems)
    {
        var name = function.RequiredText("name");
        if (name.Length > 0 && !ToolName().IsMatch(name))
        {
            problems.Invalid(function.PathOf("name"), $"'{function.PathOf("name")}' must be 1 to 64 letters, digits, '_', '-' or '.'.");
        }

        if (others.Any(tool => tool.Name == name))
        {
            problems.Invalid(function.PathOf("name"), $"'{function.PathOf("name")}' is used by another tool.");
        }

        function.Flag("strict", otherwise: false);
        return new(name, function.Text("description") ?? "", function.Object("parameters")?.Json);
    }

    public static ToolChoice Choice(Fields body, IReadOnlyList<ToolDefinition> tools, Problems problems)
    {
        if (body.Find("tool_choice") is not { } choice)
        {
            return new(ToolMode.Auto, null);
        }

        if (choice.ValueKind == JsonValueKind.String)
        {
            return Mode(choice.GetString()!, "tool_choice", tools, problems);
        }

        if (body.Object("tool_choice") is not { } form)
        {
            return new(ToolMode.Auto, null);
        }

        return form.RequiredText("type") switch
        {
            "function" => Named(form, tools, problems),
            "allowed_tools" => AllowedTools(form, tools, problems),
            _ => Refuse(problems, "tool_choice.type", "'tool_choice.type' must be 'function' or 'allowed_tools'."),
        };
    }

    private static ToolChoice Named(Fields form, IReadOnlyList<ToolDefinition> tools, Problems problems)
    {
        if (form.Object("function") is not { } function)
        {
            problems.Missing("tool_choice.function");
            return new(ToolMode.Auto, null);
        }

        return new(ToolMode.Required, [Known(function, tools, problems)]);
    }

    private static ToolChoice AllowedTools(Fields form, IReadOnlyList<ToolDefinition> tools, Problems problems)
    {
        if (form.Object("allowed_tools") is not { } allowed)
        {
            problems.Missing("tool_choice.allowed_tools");
            return new(ToolMode.Auto, null);
        }

        var mode = Mode(allowed.RequiredText("mode"), allowed.PathOf("mode"), tools, problems).Mode;
        var names = new List<string>();
        foreach (var tool in allowed.Objects("tools") ?? [])
        {
            if (tool.Object("function") is { } function)
            {
                names.Add(Known(function, tools, problems));
            }
            else
            {
                problems.Missing(tool.PathOf("function"));
            }
        }

        if (names.Count == 0)
        {
            problems.Invalid(allowed.PathOf("tools"), $"'{allowed.PathOf("tools")}' must name at least one tool.");
        }

        return new(mode, names);
    }

    private static string Known(Fields function, IReadOnlyList<ToolDefinition> tools, Problems problems)
    {
        var name = function.RequiredText("name");
        if (name.Length > 0 && tools.All(tool => tool.Name != name))
        {
            problems.Invalid(function.PathOf("name"), $"'{name}' is not among 'tools'.");
        }

        return name;
    }

    private static ToolChoice Mode(string mode, string path, IReadOnlyList<ToolDefinition> tools, Problems problems) => mode switch
    {
        "auto" => new(ToolMode.Auto, null),
        "none" when path == "tool_choice" => new(ToolMode.None, null),
        "required" when tools.Count > 0 => new(ToolMode.Required, null),
        "required" => Refuse(problems, path, $"'{path}' may only be 'required' when 'tools' has tools."),
        _ => Refuse(problems, path, $"'{path}' must be auto, required{(path == "tool_choice" ? ", none or an object" : "")}."),
    };

    private static ToolChoice Refuse(Problems problems, string param, string message)
    {
        problems.Invalid(param, message);
        return new(ToolMode.Auto, null);
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.\-]{1,64}$")]
    private static partial Regex ToolName();
}

using System.Text.Json;
using JanServer.LlmApi.Prompts.Templates;

namespace JanServer.LlmApi.Prompts.Modules;

/// <summary>What the tools of a request are for, as far as their names and descriptions say.</summary>
internal static class ToolFacts
{
    private const int MaxTools = 128;
    private const int MaxParameters = 4 * 1024;

    private sealed record Tool(string Name, string Description, string Parameters);

    /// <summary>A use of tools, and the words by which a tool for it is known; the first tool that has one is the one to name.</summary>
    private sealed record Use(string Variable, params string[] Signs);

    private static readonly Use[] Uses =
    [
        new("Search", "search"),
        new("Scrape", "scrape", "fetch", "crawl"),
        new("Code", "python", "code", "sandbox", "execute"),
        new("Browser", "browser", "navigate"),
        new("ImageGenerate", "generate_image", "image_generation", "create_image"),
        new("ImageEdit", "edit_image", "image_edit"),
    ];

    public static IReadOnlyList<string> Variables { get; } =
        ["Tools", "WantsImage", .. Uses.Select(use => $"Has{use.Variable}"), .. Uses.Select(use => $"{use.Variable}ToolName")];

    public static IReadOnlyDictionary<string, TemplateValue> Values(PromptContext context)
    {
        var tools = Read(context.ToolsJson);
        var values = new Dictionary<string, TemplateValue>
        {
            ["Tools"] = new TemplateValue.List([.. tools.Select(Map)]),
            ["WantsImage"] = context.WantsImage,
        };
        foreach (var use in Uses)
        {
            var name = tools.FirstOrDefault(tool => Has(tool.Name, use))?.Name ?? tools.FirstOrDefault(tool => Has(tool.Description, use))?.Name;
            values[$"Has{use.Variable}"] = name is not null;
            values[$"{use.Variable}ToolName"] = name ?? "";
        }

        return values;
    }

    private static TemplateValue.Map Map(Tool tool) => new(new Dictionary<string, TemplateValue>
    {
        ["Name"] = tool.Name,
        ["Description"] = tool.Description,
        ["Parameters"] = tool.Parameters,
    });

    private static bool Has(string text, Use use) => use.Signs.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));

    private static List<Tool> Read(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind != JsonValueKind.Array
                ? []
                : [.. document.RootElement.EnumerateArray().Take(MaxTools).Select(Read).OfType<Tool>()];
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a description: the model's server is told of the tools all the same.
            return [];
        }
    }

    private static Tool? Read(JsonElement tool)
    {
        var definition = tool.TryGetProperty("function", out var function) ? function : tool.TryGetProperty("custom", out var custom) ? custom : tool;
        return definition.ValueKind == JsonValueKind.Object && Text(definition, "name") is { Length: > 0 } name
            ? new(
                name,
                Text(definition, "description"),
                definition.TryGetProperty("parameters", out var parameters) && parameters.GetRawText() is { Length: <= MaxParameters } raw ? raw : "")
            : null;
    }

    private static string Text(JsonElement value, string name) =>
        value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}

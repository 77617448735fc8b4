using System.Text.RegularExpressions;
using JanServer.Contracts.Tools;

namespace JanServer.McpTools.Settings;

/// <summary>How administrators have set the tools, at one moment.</summary>
internal sealed class ActiveSettings
{
    // What migrations 0006 and 0008 of llm-api seed. A tool that is none of these, such as an external server's, has no settings there.
    private static readonly HashSet<string> KnownToLlmApi = new(StringComparer.Ordinal)
    {
        "edit_image", "file_search_delete", "file_search_index", "file_search_list", "file_search_query", "generate_image", "google_search",
        "memory_retrieve", "python_exec", "scrape",
    };

    private readonly Dictionary<string, Setting>? _byTool;

    private ActiveSettings(Dictionary<string, Setting>? byTool) => _byTool = byTool;

    /// <summary>Before llm-api was ever reached: every tool is on, as we describe it, and nothing is disallowed.</summary>
    public static ActiveSettings Ours { get; } = new(null);

    /// <summary>Reads what llm-api says.</summary>
    /// <param name="active">The tools that are switched on.</param>
    /// <param name="before">What was valid before; expressions that are the same are not compiled again.</param>
    /// <param name="refused">Told each expression's tool that does not compile; it is left out.</param>
    public static ActiveSettings Of(IReadOnlyList<ToolSettings> active, ActiveSettings before, Action<string> refused)
    {
        var compiled = (before._byTool ?? []).Values
            .SelectMany(setting => setting.Disallowed)
            .DistinctBy(regex => regex.ToString(), StringComparer.Ordinal)
            .ToDictionary(regex => regex.ToString(), StringComparer.Ordinal);
        var byTool = new Dictionary<string, Setting>(StringComparer.Ordinal);
        foreach (var tool in active)
        {
            var disallowed = new List<Regex>();
            foreach (var keyword in tool.DisallowedKeywords)
            {
                if ((compiled.GetValueOrDefault(keyword) ?? KeywordFilters.Compile(keyword)) is { } regex)
                {
                    disallowed.Add(regex);
                }
                else
                {
                    refused(tool.ToolKey);
                }
            }

            byTool[tool.ToolKey] = new(tool, disallowed);
        }

        return new(byTool);
    }

    /// <summary>Whether administrators have switched the tool off.</summary>
    public bool IsOff(string tool) => _byTool is not null && !_byTool.ContainsKey(tool) && KnownToLlmApi.Contains(tool);

    /// <summary>The description that models are told in the place of ours; null for ours.</summary>
    public string? DescriptionOf(string tool) =>
        _byTool?.GetValueOrDefault(tool)?.Settings.Description is { Length: > 0 } description ? description : null;

    /// <summary>What may not be in the tool's results.</summary>
    public IReadOnlyList<Regex> DisallowedOf(string tool) => _byTool?.GetValueOrDefault(tool)?.Disallowed ?? [];

    private sealed record Setting(ToolSettings Settings, IReadOnlyList<Regex> Disallowed);
}

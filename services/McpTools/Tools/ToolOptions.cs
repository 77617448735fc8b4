using System.ComponentModel.DataAnnotations;
using JanServer.McpTools.Settings;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Tools;

/// <summary>What callers see of the tools, and what a call may take. Bound from <c>McpTools</c>.</summary>
public sealed class ToolOptions
{
    /// <summary>Whether tools that cannot work as this deployment is configured are left out of lists. They can be called in any case, to learn why.</summary>
    public bool HideUnavailable { get; set; } = true;

    /// <summary>Seconds that a call may take: 1 to 3600.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>Seconds that calls of a tool may take, by its name, where that differs: 1 to 3600.</summary>
    public Dictionary<string, int> Timeouts { get; } = new(StringComparer.Ordinal) { ["generate_image"] = 600, ["edit_image"] = 600 };

    /// <summary>How many calls of one user run at once in this process: 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MaxCallsPerUser { get; set; } = 16;

    /// <summary>How many more calls of one user may wait for their turn: 0 to 10000.</summary>
    [Range(0, 10_000)]
    public int MaxWaitingPerUser { get; set; } = 64;

    /// <summary>
    /// Regular expressions without backreferences and lookarounds that no tool's result may match, also those of external servers;
    /// beside what administrators disallow tool by tool.
    /// </summary>
    public IList<string> DisallowedKeywords { get; } = [];

    internal TimeSpan TimeoutOf(string tool) => TimeSpan.FromSeconds(Timeouts.GetValueOrDefault(tool, TimeoutSeconds));
}

[OptionsValidator]
internal sealed partial class ToolOptionsValidator : IValidateOptions<ToolOptions>;

internal sealed class DisallowedKeywordsValidator : IValidateOptions<ToolOptions>
{
    public ValidateOptionsResult Validate(string? name, ToolOptions options) =>
        options.DisallowedKeywords.FirstOrDefault(keyword => KeywordFilters.Compile(keyword) is null) is { } bad
            ? ValidateOptionsResult.Fail($"McpTools:DisallowedKeywords holds what is no regular expression that can be used: {bad}")
            : ValidateOptionsResult.Success;
}

internal sealed class ToolTimeoutsValidator : IValidateOptions<ToolOptions>
{
    public ValidateOptionsResult Validate(string? name, ToolOptions options) =>
        options.Timeouts.FirstOrDefault(one => one.Value is < 1 or > 3600).Key is { } tool
            ? ValidateOptionsResult.Fail($"McpTools:Timeouts:{tool} must be 1 to 3600 seconds.")
            : ValidateOptionsResult.Success;
}

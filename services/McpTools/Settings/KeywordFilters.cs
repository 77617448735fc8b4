using System.Text.RegularExpressions;
using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Settings;

/// <summary>Puts together what a tool's results may not hold: what the deployment disallows, and what administrators do.</summary>
internal sealed class KeywordFilters(IOptions<ToolOptions> options)
{
    private readonly List<Regex> _everywhere = [.. options.Value.DisallowedKeywords.Select(Compile).OfType<Regex>()];

    /// <summary>The filter of a tool's results.</summary>
    public KeywordFilter Of(ActiveSettings settings, string tool) => new([.. _everywhere, .. settings.DisallowedOf(tool)]);

    /// <summary>The expression, which takes time linear in what it is matched against; null when it is none of that kind.</summary>
    public static Regex? Compile(string keyword)
    {
        try
        {
            return new(keyword, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

using System.Text.RegularExpressions;
using JanServer.Inference.Chat;
using JanServer.Inference.Filling;
using JanServer.Inference.Demo;

namespace JanServer.Inference.ToolUse;

/// <summary>What a tool is for, as far as its name or description tells; <see cref="Other"/> is matched by words alone.</summary>
internal enum ToolKind
{
    Other,
    Search,
    Fetch,
    Code,
    Remember,
    Recall,
}

internal static partial class ToolKinds
{
    /// <summary>The name decides; only a name that says nothing leaves it to the description.</summary>
    public static ToolKind Of(ToolDefinition tool) =>
        OfText(tool.Name.Replace('_', ' ').Replace('-', ' ').Replace('.', ' ')) is not ToolKind.Other and var byName ? byName
        : Known(tool.Name) ? ToolKind.Other
        : OfText(tool.Description);

    /// <summary>The kind of tool that a clause of a request asks for.</summary>
    public static ToolKind AskedBy(string clause) =>
        Remembering().IsMatch(clause) ? ToolKind.Remember
        : Recalling().IsMatch(clause) ? ToolKind.Recall
        : Coding().IsMatch(clause) ? ToolKind.Code
        : Fetching().IsMatch(clause) || (Evidence.UrlsIn(clause).Count > 0 && !Searching().IsMatch(clause)) ? ToolKind.Fetch
        : Searching().IsMatch(clause) ? ToolKind.Search
        : ArithmeticInText.Find(clause) is not null ? ToolKind.Code
        : ToolKind.Other;

    /// <summary>A name of two words or more that fits no kind, such as get_weather, is not reinterpreted by its description.</summary>
    private static bool Known(string name) => name.AsSpan().IndexOfAny('_', '-', '.') > 0;

    private static ToolKind OfText(string text) =>
        MemoryTool().IsMatch(text) ? (Saving().IsMatch(text) ? ToolKind.Remember : ToolKind.Recall)
        : CodeTool().IsMatch(text) ? ToolKind.Code
        : FetchTool().IsMatch(text) ? ToolKind.Fetch
        : SearchTool().IsMatch(text) ? ToolKind.Search
        : ToolKind.Other;

    [GeneratedRegex(@"\b(?:memor(?:y|ies|ize|ise)|remember|recall)\b", RegexOptions.IgnoreCase)]
    private static partial Regex MemoryTool();

    [GeneratedRegex(@"\b(?:add|save|store|write|create|observe|upsert|remember|memori[sz]e|put|set)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Saving();

    [GeneratedRegex(
        @"\b(?:python|code|execute|exec|interpreter|sandbox|calculator|calculate|calc|evaluate|math)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex CodeTool();

    [GeneratedRegex(@"\b(?:scrape|fetch|crawl|browse|read url|open url|url|webpage|web page|extract page)\b", RegexOptions.IgnoreCase)]
    private static partial Regex FetchTool();

    [GeneratedRegex(@"\b(?:search|google|bing|serper|tavily|searxng|exa|websearch)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SearchTool();

    [GeneratedRegex(
        @"^(?:please\s+)?(?:remember|memori[sz]e|keep in mind|make a note|note down|store|save)\b(?!.*\?$)|\b(?:remember"
        + @"|memori[sz]e|save to memory|store in memory)\s+(?:that|this|my|it)\b(?!.*\?$)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Remembering();

    [GeneratedRegex(
        @"\b(?:recall|do you remember|what do you (?:know|remember)|what did I (?:say|tell)|remind me|from "
        + @"(?:your )?memory|in (?:your )?memory)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Recalling();

    [GeneratedRegex(
        @"\b(?:python|run (?:this|the|some|following)?\s*(?:code|script|program)|execute|calculate|compute|evaluate)\b|```",
        RegexOptions.IgnoreCase)]
    private static partial Regex Coding();

    [GeneratedRegex(
        @"\b(?:scrape|fetch|crawl|browse|visit|download)\b|\b(?:open|read|load)\b.{0,40}\b(?:https?:|page|site|website"
        + @"|url|link|result)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Fetching();

    [GeneratedRegex(
        @"\b(?:search|google|look up|look for|find out|find information|web search|latest news|news about|research)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Searching();
}

using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.Contracts.Tools;

namespace JanServer.LlmApi.McpTools;

/// <summary>A tool as users see it: without what is disallowed.</summary>
/// <param name="Id">The same as <paramref name="PublicId"/>.</param>
/// <param name="PublicId"><c>mcp_…</c>.</param>
/// <param name="ToolKey">What the tool is called in calls.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Description">What models are told about it.</param>
/// <param name="Category">Such as <c>search</c>.</param>
/// <param name="IsActive">Whether it is offered.</param>
/// <param name="Metadata">A JSON object of the operator's own.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
/// <param name="DisallowedKeywords">Only for administrators: regular expressions; results that match are left out.</param>
/// <param name="UpdatedBy">Only for administrators: who changed it last.</param>
public sealed record McpToolResource(
    string Id,
    string PublicId,
    string ToolKey,
    string Name,
    string Description,
    string Category,
    bool IsActive,
    JsonElement? Metadata,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<string>? DisallowedKeywords = null,
    string? UpdatedBy = null)
{
    internal static McpToolResource ForUsers(McpTool tool) => new(
        tool.PublicId,
        tool.PublicId,
        tool.ToolKey,
        tool.Name,
        tool.Description,
        tool.Category,
        tool.IsActive,
        Json(tool.Metadata),
        tool.CreatedAt,
        tool.UpdatedAt);

    internal static McpToolResource ForAdministrators(McpTool tool) => ForUsers(tool) with
    {
        DisallowedKeywords = tool.DisallowedKeywords,
        UpdatedBy = tool.UpdatedBy?.ToString(),
    };

    internal static ToolSettings ForServices(McpTool tool) => new(
        tool.ToolKey, tool.Name, tool.IsDescribed ? tool.Description : null, tool.Category, Json(tool.Metadata), tool.DisallowedKeywords, tool.UpdatedAt);

    private static JsonElement? Json(string? json) => json is null ? null : JsonElement.Parse(json);
}

/// <summary>One tool.</summary>
/// <param name="Data">The tool.</param>
public sealed record McpToolAnswer(McpToolResource Data);

/// <summary>All tools that match, by name.</summary>
/// <param name="Data">The tools.</param>
/// <param name="Total">How many they are.</param>
public sealed record McpToolList(IReadOnlyList<McpToolResource> Data, int Total)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}

/// <summary>Which tools to list.</summary>
public sealed record McpToolFilter
{
    /// <summary>Only those of this category.</summary>
    public string? Category { get; init; }

    /// <summary>Only those that are offered, or only those that are not.</summary>
    public bool? IsActive { get; init; }

    /// <summary>Only those whose key, name or description holds this, in any case.</summary>
    public string? Search { get; init; }
}

/// <summary>Changes a tool; what is absent stays. Its key and its name are the program's.</summary>
public sealed record UpdateMcpTool
{
    /// <summary>What models are told about it in the place of what the tool itself says: 1 to 4,096 characters.</summary>
    public string? Description { get; set; }

    /// <summary>1 to 100 characters.</summary>
    public string? Category { get; set; }

    /// <summary>Whether it is offered.</summary>
    public bool? IsActive { get; set; }

    /// <summary>A JSON object of up to 16 KiB; null removes the one there is.</summary>
    public JsonElement? Metadata
    {
        get;
        set
        {
            field = value;
            HasMetadata = true;
        }
    }

    /// <summary>Up to 100 regular expressions without backreferences and lookarounds; null or empty removes those there are.</summary>
    public IReadOnlyList<string?>? DisallowedKeywords
    {
        get;
        set
        {
            field = value;
            HasDisallowedKeywords = true;
        }
    }

    /// <summary>Whether the request names metadata, which may be null.</summary>
    [JsonIgnore]
    public bool HasMetadata { get; private set; }

    /// <summary>Whether the request names disallowed keywords, which may be null.</summary>
    [JsonIgnore]
    public bool HasDisallowedKeywords { get; private set; }
}

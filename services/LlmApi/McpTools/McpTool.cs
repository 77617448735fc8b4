using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.LlmApi.McpTools;

/// <summary>What administrators say about a tool of mcp-tools: a row of <c>mcp_tools</c>. It belongs to the deployment.</summary>
internal sealed record McpTool
{
    /// <summary>What the tool is called in calls.</summary>
    [Key]
    public required string ToolKey { get; init; }

    /// <summary>What administrators' clients call it: <c>mcp_…</c>.</summary>
    public required string PublicId { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Whether <see cref="Description"/> is an administrator's; else models are told what mcp-tools itself says.</summary>
    public bool IsDescribed { get; init; }

    public required string Category { get; init; }

    public bool IsActive { get; init; }

    /// <summary>A JSON object.</summary>
    [Column(TypeName = "json")]
    public string? Metadata { get; init; }

    /// <summary>Regular expressions; results that match are left out.</summary>
    public required string[] DisallowedKeywords { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public Id<UserRef>? UpdatedBy { get; init; }
}

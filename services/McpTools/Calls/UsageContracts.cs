using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.McpTools.Calls;

/// <summary>Which calls count; what is absent does not matter. Ids that are none match nothing.</summary>
public sealed record ToolUsageParameters
{
    /// <summary>Unix seconds: calls that began then or later.</summary>
    [FromQuery(Name = "start_time")]
    public string? StartTime { get; init; }

    /// <summary>Unix seconds: calls that began before.</summary>
    [FromQuery(Name = "end_time")]
    public string? EndTime { get; init; }

    /// <summary>The tool's name.</summary>
    [FromQuery(Name = "tool")]
    public string? Tool { get; init; }

    /// <summary>Who did the work, such as a search engine or an external server.</summary>
    [FromQuery(Name = "provider")]
    public string? Provider { get; init; }

    /// <summary><c>ok</c>, <c>failed</c>, <c>refused</c> or <c>cancelled</c>.</summary>
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    /// <summary>The conversation.</summary>
    [FromQuery(Name = "conversation_id")]
    public string? ConversationId { get; init; }

    /// <summary>The project.</summary>
    [FromQuery(Name = "project_id")]
    public string? ProjectId { get; init; }

    /// <summary>The user; for administrators.</summary>
    [FromQuery(Name = "user_id")]
    public string? UserId { get; init; }

    /// <summary>The organization; for administrators.</summary>
    [FromQuery(Name = "organization_id")]
    public string? OrganizationId { get; init; }

    /// <summary>
    /// What sums are kept apart by beside the tool: <c>provider</c>, <c>status</c>, <c>project_id</c>, and for administrators
    /// <c>user_id</c>, <c>organization_id</c>. May be repeated.
    /// </summary>
    [FromQuery(Name = "group_by")]
    public string[]? GroupBy { get; init; }
}

/// <summary>What calls add up to.</summary>
/// <param name="Data">One for each tool and group, the most called first; 1,000 at most.</param>
/// <param name="Total">All of them.</param>
public sealed record ToolUsageReport(IReadOnlyList<ToolUsage> Data, ToolUsage Total)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}

/// <summary>What calls of a tool add up to. Members that the request did not group by are absent.</summary>
/// <param name="Tool">The tool; absent in the total.</param>
/// <param name="Calls">All calls.</param>
/// <param name="Failures">Those whose tool failed or did not end in time.</param>
/// <param name="Refusals">Those that no tool was asked for: switched off, unavailable, bad arguments, too many.</param>
/// <param name="DurationMs">How long they took in sum.</param>
/// <param name="ArgumentBytes">What they were given.</param>
/// <param name="ResultBytes">What they answered.</param>
public sealed record ToolUsage(string? Tool, long Calls, long Failures, long Refusals, long DurationMs, long ArgumentBytes, long ResultBytes)
{
    /// <summary>Always <c>mcp.usage.result</c>.</summary>
    public string Object => "mcp.usage.result";

    /// <summary>Who did the work, where grouped by it.</summary>
    public string? Provider { get; init; }

    /// <summary>How the calls ended, where grouped by it.</summary>
    public string? Status { get; init; }

    /// <summary>The project, where grouped by it.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The user, where grouped by it.</summary>
    public string? UserId { get; init; }

    /// <summary>The organization, where grouped by it.</summary>
    public string? OrganizationId { get; init; }
}

/// <summary>One call.</summary>
public sealed record ToolCallResource(
    string Id,
    DateTimeOffset StartedAt,
    string OrganizationId,
    string ProjectId,
    string UserId,
    string? ApiKeyId,
    string Tool,
    string? Provider,
    string Status,
    string? Failure,
    int DurationMs,
    int ArgumentBytes,
    int ResultBytes,
    string? ConversationId,
    string? CallId)
{
    /// <summary>Always <c>mcp.call</c>.</summary>
    public string Object => "mcp.call";

    internal static ToolCallResource From(CallRecord call) => new(
        call.Id.ToString(),
        call.StartedAt,
        new Id<OrganizationRef>(call.OrganizationId).ToString(),
        new Id<ProjectRef>(call.ProjectId).ToString(),
        new Id<UserRef>(call.UserId).ToString(),
        call.ApiKeyId is { } key ? new Id<ApiKeyRef>(key).ToString() : null,
        call.Tool,
        call.Provider,
        call.Status,
        call.Failure,
        call.DurationMs,
        call.ArgumentBytes,
        call.ResultBytes,
        call.ConversationId,
        call.CallId);
}

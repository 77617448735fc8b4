using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.McpTools.Calls;

/// <summary>Which calls a request may see and wants. There is no way to the ledger's rows but through one of these.</summary>
internal sealed record UsageFilter
{
    private static readonly string[] OwnGroups = ["tool", "provider", "status", "project_id"];
    private static readonly string[] AllGroups = [.. OwnGroups, "user_id", "organization_id"];

    private UsageFilter(UsageRange range) => Range = range;

    public UsageRange Range { get; }

    public Guid? User { get; private init; }

    public Guid? Organization { get; private init; }

    public Guid? Project { get; private init; }

    public string? Tool { get; private init; }

    public string? Provider { get; private init; }

    public string? Status { get; private init; }

    public string? Conversation { get; private init; }

    public IReadOnlyList<string> Groups { get; private init; } = [];

    /// <summary>The caller's own calls, in the organization that its credential speaks for.</summary>
    public static (UsageFilter? Filter, ApiError? Error) Own(Caller caller, ToolUsageParameters parameters)
    {
        var (filter, error) = Read(parameters, OwnGroups);
        return (filter is null ? null : filter with { User = caller.UserId.Value, Organization = caller.OrganizationId.Value }, error);
    }

    /// <summary>The calls of everyone. For administrators.</summary>
    public static (UsageFilter? Filter, ApiError? Error) Everyone(ToolUsageParameters parameters)
    {
        var (filter, error) = Read(parameters, AllGroups);
        return (filter is null ? null : filter with
        {
            User = parameters.UserId is { } user ? Id<UserRef>.Parse(user).Value : null,
            Organization = parameters.OrganizationId is { } organization ? Id<OrganizationRef>.Parse(organization).Value : null,
        }, error);
    }

    private static (UsageFilter? Filter, ApiError? Error) Read(ToolUsageParameters parameters, string[] groups)
    {
        var (range, error) = UsageRange.Read(parameters.StartTime, parameters.EndTime);
        if (range is null)
        {
            return (null, error);
        }

        if (parameters.Status is { } status && !CallStatus.All.Contains(status, StringComparer.Ordinal))
        {
            return (null, ApiError.Invalid("status", $"'status' must be one of {string.Join(", ", CallStatus.All)}."));
        }

        foreach (var (name, text) in new[] { ("tool", parameters.Tool), ("provider", parameters.Provider), ("conversation_id", parameters.ConversationId) })
        {
            if (text?.Contains('\0', StringComparison.Ordinal) == true)
            {
                return (null, ApiError.Invalid(name, "This must not hold the character U+0000."));
            }
        }

        if (parameters.GroupBy?.Any(name => !groups.Contains(name, StringComparer.Ordinal)) == true)
        {
            return (null, ApiError.Invalid("group_by", $"'group_by' takes {string.Join(", ", groups)}."));
        }

        return (new(range)
        {
            Project = parameters.ProjectId is { } project ? Id<ProjectRef>.Parse(project).Value : null,
            Tool = parameters.Tool,
            Provider = parameters.Provider,
            Status = parameters.Status,
            Conversation = parameters.ConversationId,
            Groups = parameters.GroupBy ?? [],
        }, null);
    }
}

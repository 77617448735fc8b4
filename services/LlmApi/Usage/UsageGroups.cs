using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Usage;

/// <summary>What the usage of a bucket is kept apart by.</summary>
[Flags]
internal enum UsageGroups
{
    None = 0,
    Project = 1,
    User = 2,
    ApiKey = 4,
    Model = 8,
    Provider = 16,
    Operation = 32,
    Organization = 64,

    /// <summary>Always the same here: nothing runs as a batch, and there is one tier.</summary>
    Constant = 128,
}

internal static class UsageGroupNames
{
    private static readonly Dictionary<string, UsageGroups> Groups = new(StringComparer.Ordinal)
    {
        ["project_id"] = UsageGroups.Project,
        ["user_id"] = UsageGroups.User,
        ["api_key_id"] = UsageGroups.ApiKey,
        ["model"] = UsageGroups.Model,
        ["provider"] = UsageGroups.Provider,
        ["operation"] = UsageGroups.Operation,
        ["organization_id"] = UsageGroups.Organization,
        ["line_item"] = UsageGroups.Model,
        ["source"] = UsageGroups.Operation,
        ["size"] = UsageGroups.Constant,
        ["batch"] = UsageGroups.Constant,
        ["service_tier"] = UsageGroups.Constant,
    };

    /// <summary>Reads <c>group_by</c>, of which a route takes the names it lists.</summary>
    public static (UsageGroups Groups, ApiError? Error) Read(IReadOnlyList<string>? names, IReadOnlyList<string> allowed)
    {
        var groups = UsageGroups.None;
        foreach (var name in names ?? [])
        {
            if (!allowed.Contains(name, StringComparer.Ordinal))
            {
                return (default, ApiError.Invalid("group_by", $"'group_by' takes {string.Join(", ", allowed)}."));
            }

            groups |= Groups[name];
        }

        return (groups, null);
    }
}

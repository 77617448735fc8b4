using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Usage;

/// <summary>What of the usage in reach counts; null for all. An id that is none matches nothing.</summary>
internal sealed record UsageFilter
{
    private const int MaxValues = 500;

    public IReadOnlyList<Guid>? Organizations { get; init; }

    public IReadOnlyList<Guid>? Projects { get; init; }

    public IReadOnlyList<Guid>? Users { get; init; }

    public IReadOnlyList<Guid>? ApiKeys { get; init; }

    public IReadOnlyList<string>? Models { get; init; }

    public IReadOnlyList<string>? Operations { get; init; }

    public static (UsageFilter? Filter, ApiError? Error) Read(UsageParameters parameters)
    {
        var organizations = Values(parameters.OrganizationIds, parameters.OrganizationIdsList);
        var projects = Values(parameters.ProjectIds, parameters.ProjectIdsList);
        var users = Values(parameters.UserIds, parameters.UserIdsList);
        var keys = Values(parameters.ApiKeyIds, parameters.ApiKeyIdsList);
        var models = Values(parameters.Models, parameters.ModelsList);
        foreach (var (name, values) in new[]
        {
            ("organization_ids", organizations), ("project_ids", projects), ("user_ids", users), ("api_key_ids", keys), ("models", models),
        })
        {
            if (values?.Count > MaxValues)
            {
                return (null, ApiError.Invalid(name, $"'{name}' takes at most {MaxValues} values."));
            }
        }

        return (new()
        {
            Organizations = Ids<OrganizationRef>(organizations),
            Projects = Ids<ProjectRef>(projects),
            Users = Ids<UserRef>(users),
            ApiKeys = Ids<ApiKeyRef>(keys),
            Models = models,
        }, null);
    }

    /// <summary>The values of a list parameter in both of its spellings; null when there are none.</summary>
    public static IReadOnlyList<string>? Values(string[]? plain, string[]? bracketed)
    {
        var values = (plain ?? []).Concat(bracketed ?? []).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return values.Count == 0 ? null : values;
    }

    private static List<Guid>? Ids<T>(IReadOnlyList<string>? values)
        where T : IIdentified =>
        values?.Select(value => Id<T>.Parse(value)).Where(id => !id.IsNone).Select(id => id.Value).ToList();
}

using JanServer.Accounts.FeatureFlags;
using JanServer.Accounts.IdentityProvider;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.AdminGroups;

/// <summary>Changes groups one change after another. What a change does not name stays as it is.</summary>
internal sealed class GroupChanges(KeycloakGroups groups, FeatureFlagStore definitions, GroupLock groupLock)
{
    private const int MaxFlags = 50;

    public async Task<(KeycloakGroup? Group, ApiError? Error)> UpdateAsync(string id, UpdateGroup change, CancellationToken ct) =>
        await UpdateAsync(
            id,
            group => new(
                Name: change.Name?.Trim() ?? group.Name,
                Attributes: change.Attributes?.ToDictionary(attribute => attribute.Key, attribute => attribute.Value.ToArray(), StringComparer.Ordinal)
                    ?? group.Attributes),
            ct);

    /// <summary>Replaces the flags of a group.</summary>
    public async Task<(KeycloakGroup? Group, ApiError? Error)> ReplaceFlagsAsync(string id, IReadOnlyList<string> flags, CancellationToken ct)
    {
        if (flags.Count > MaxFlags)
        {
            return (null, ApiError.Invalid("flags", $"A group has at most {MaxFlags} feature flags."));
        }

        var unknown = await definitions.UnknownAsync(flags, ct);
        for (var i = 0; i < flags.Count; i++)
        {
            if (unknown.Contains(flags[i]))
            {
                return (null, ApiError.Invalid($"flags[{i}]", "No feature flag has this key. Define it first."));
            }
        }

        return await UpdateFlagsAsync(id, _ => flags, ct);
    }

    /// <summary>Adds a flag to those of a group.</summary>
    public async Task<(KeycloakGroup? Group, ApiError? Error)> AddFlagAsync(string id, string key, CancellationToken ct) =>
        (await definitions.UnknownAsync([key], ct)).Count > 0
            ? (null, ApiError.NotFound("feature flag"))
            : await UpdateFlagsAsync(id, flags => [.. flags, key], ct);

    /// <summary>Takes a flag from a group; one whose definition is gone too.</summary>
    public Task<(KeycloakGroup? Group, ApiError? Error)> RemoveFlagAsync(string id, string key, CancellationToken ct) =>
        UpdateFlagsAsync(id, flags => [.. flags.Where(flag => flag != key)], ct);

    private Task<(KeycloakGroup? Group, ApiError? Error)> UpdateFlagsAsync(
        string id, Func<IReadOnlyList<string>, IReadOnlyList<string>> change, CancellationToken ct) =>
        UpdateAsync(id, group => new(Name: group.Name, Attributes: GroupFlags.Replaced(group, change(GroupFlags.Of(group)))), ct);

    private async Task<(KeycloakGroup? Group, ApiError? Error)> UpdateAsync(
        string id, Func<KeycloakGroup, KeycloakGroup> change, CancellationToken ct)
    {
        await using var held = await groupLock.HoldAsync(id, ct);
        if (await groups.FindAsync(id, ct) is not { Id: { } found } group)
        {
            return (null, ApiError.NotFound("group"));
        }

        var changed = change(group);
        return await groups.UpdateAsync(found, changed, ct) is { } refused
            ? (null, refused)
            : (group with { Name = changed.Name, Path = changed.Name == group.Name ? group.Path : null, Attributes = changed.Attributes }, null);
    }
}

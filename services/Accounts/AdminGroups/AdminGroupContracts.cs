using JanServer.Accounts.IdentityProvider;

namespace JanServer.Accounts.AdminGroups;

/// <summary>A group of users.</summary>
/// <param name="Id">The identity provider's id.</param>
/// <param name="Name">The name.</param>
/// <param name="Path">The path, as tokens carry it.</param>
/// <param name="Attributes">What else is kept about the group; <c>feature_flags</c> among it.</param>
public sealed record AdminGroup(string Id, string Name, string? Path, IReadOnlyDictionary<string, string[]> Attributes)
{
    internal static AdminGroup From(KeycloakGroup group) =>
        new(group.Id ?? "", group.Name ?? "", group.Path, group.Attributes ?? new Dictionary<string, string[]>());
}

/// <summary>A page of groups.</summary>
/// <param name="Data">The groups, by name.</param>
/// <param name="HasMore">Whether there is a next page.</param>
public sealed record AdminGroupList(IReadOnlyList<AdminGroup> Data, bool HasMore);

/// <summary>Makes a group.</summary>
/// <param name="Name">The name: 1 to 255 characters without a slash.</param>
public sealed record CreateGroup(string? Name);

/// <summary>Changes a group; what is absent stays.</summary>
/// <param name="Name">The name.</param>
/// <param name="Attributes">All attributes that the group has afterwards.</param>
public sealed record UpdateGroup(string? Name = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Attributes = null);

/// <summary>The feature flags of a group.</summary>
/// <param name="Flags">Their keys, sorted.</param>
public sealed record GroupFlagList(IReadOnlyList<string> Flags);

/// <summary>Replaces the feature flags of a group.</summary>
/// <param name="Flags">The keys that the group has afterwards.</param>
public sealed record UpdateGroupFlags(IReadOnlyList<string>? Flags);

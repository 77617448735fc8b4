namespace JanServer.Accounts.FeatureFlags;

/// <summary>What a feature flag means.</summary>
/// <param name="Id"><c>flag_…</c>.</param>
/// <param name="Key">What groups and tokens call it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Category">What it belongs to.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was last changed.</param>
public sealed record FeatureFlagResource(
    string Id,
    string Key,
    string Name,
    string? Description,
    string? Category,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static FeatureFlagResource From(FeatureFlag flag) =>
        new(flag.Id.ToString(), flag.Key, flag.Name, flag.Description, flag.Category, flag.CreatedAt, flag.UpdatedAt);
}

/// <summary>All feature flags.</summary>
/// <param name="Data">The flags, by key.</param>
public sealed record FeatureFlagList(IReadOnlyList<FeatureFlagResource> Data);

/// <summary>Makes a feature flag.</summary>
/// <param name="Key">What groups and tokens will call it: 1 to 50 of <c>a-z</c>, <c>0-9</c> and <c>_</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Category">What it belongs to.</param>
public sealed record CreateFeatureFlag(string? Key, string? Name, string? Description = null, string? Category = null);

/// <summary>Changes a feature flag; what is absent stays. The key never changes: groups and tokens hold it.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Description">What it does.</param>
/// <param name="Category">What it belongs to.</param>
public sealed record UpdateFeatureFlag(string? Name = null, string? Description = null, string? Category = null);

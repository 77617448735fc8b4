using JanServer.Contracts.Ids;

namespace JanServer.Accounts.FeatureFlags;

/// <summary>Marks the id of a feature flag.</summary>
internal abstract class FeatureFlagRef : IIdentified
{
    public static string IdPrefix => "flag";
}

/// <summary>What a feature flag means. Who has it is decided by groups at the identity provider.</summary>
internal sealed class FeatureFlag
{
    public required Id<FeatureFlagRef> Id { get; init; }

    /// <summary>What groups, tokens and code call it.</summary>
    public required string Key { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Category { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

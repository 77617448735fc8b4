namespace JanServer.Identity.Groups;

/// <summary>A group of realm jan. Its attribute feature_flags reaches the tokens of its members.</summary>
internal sealed class Group
{
    public const string FeatureFlags = "feature_flags";

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public Dictionary<string, List<string>> Attributes { get; init; } = [];

    /// <summary>The full path, as tokens carry it.</summary>
    public string Path => "/" + Name;
}

/// <summary>Who is in which group.</summary>
internal sealed class GroupMember
{
    public required Guid GroupId { get; init; }

    public required Guid UserId { get; init; }
}

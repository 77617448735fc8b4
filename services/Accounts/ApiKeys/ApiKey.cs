using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.Accounts.ApiKeys;

/// <summary>Whether an API key is good.</summary>
internal enum ApiKeyStatus
{
    Active,
    Revoked,
    Expired,
}

/// <summary>An API key as it is stored: everything but the key.</summary>
internal sealed class ApiKey
{
    public required Id<ApiKeyRef> Id { get; init; }

    /// <summary>Whose requests the key makes.</summary>
    public required Id<UserRef> UserId { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    public required Id<ProjectRef> ProjectId { get; init; }

    public required Id<UserRef> CreatedBy { get; init; }

    /// <summary>The key that made this one, when it was not made by a signed-in user.</summary>
    public Id<ApiKeyRef>? CreatedByKey { get; init; }

    public required string Name { get; init; }

    /// <summary>What the key begins with, such as <c>sk_live</c>.</summary>
    public required string Prefix { get; init; }

    /// <summary>The last four characters, by which people recognize a key.</summary>
    public required string Suffix { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] Hash { get; init; }

    public required string[] Scopes { get; init; }

    /// <summary>The models that the key may use; null for all.</summary>
    public string[]? Models { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Exact to a minute or so; see <see cref="ApiKeyUse"/>.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public ApiKeyStatus StatusAt(DateTimeOffset now) =>
        RevokedAt is not null ? ApiKeyStatus.Revoked
        : ExpiresAt <= now ? ApiKeyStatus.Expired
        : ApiKeyStatus.Active;
}

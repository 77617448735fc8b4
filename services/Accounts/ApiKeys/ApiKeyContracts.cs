namespace JanServer.Accounts.ApiKeys;

/// <summary>Asks for a new API key.</summary>
/// <param name="Name">What the key is for: 1 to 128 characters without the space around them.</param>
/// <param name="ExpiresIn">
/// How long the key lives, in seconds; 0 for the default. Values from 10^12 up are nanoseconds, which the API this one replaces
/// took. More than the maximum becomes the maximum.
/// </param>
/// <param name="ExpiresAt">When the key ends (RFC 3339), instead of <paramref name="ExpiresIn"/>.</param>
/// <param name="Scopes">What the key may do; as much as its maker, administration excepted, unless told.</param>
/// <param name="Models">The models the key may use; those its maker may use unless told.</param>
public sealed record CreateApiKey(
    string? Name,
    long? ExpiresIn = null,
    DateTimeOffset? ExpiresAt = null,
    IReadOnlyList<string>? Scopes = null,
    IReadOnlyList<string>? Models = null);

/// <summary>An API key without its secret.</summary>
/// <param name="Id"><c>key_…</c>.</param>
/// <param name="Name">What the key is for.</param>
/// <param name="Prefix">What the key begins with.</param>
/// <param name="Suffix">The last four characters.</param>
/// <param name="Status"><c>active</c>, <c>revoked</c> or <c>expired</c>.</param>
/// <param name="Scopes">What the key may do.</param>
/// <param name="Models">The models the key may use; absent for all.</param>
/// <param name="OrganizationId">The organization whose limits apply.</param>
/// <param name="ProjectId">The project within that organization.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="RevokedAt">When it was first revoked, if it was.</param>
/// <param name="LastUsedAt">When it was last used, exact to about a minute.</param>
/// <param name="Key">The key itself; only in the answer that makes it.</param>
public sealed record ApiKeyResource(
    string Id,
    string Name,
    string Prefix,
    string Suffix,
    string Status,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Models,
    string OrganizationId,
    string ProjectId,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt,
    string? Key = null)
{
    /// <summary>Always <c>api_key</c>.</summary>
    public string Object => "api_key";

    internal static ApiKeyResource From(ApiKey key, DateTimeOffset now) => new(
        key.Id.ToString(),
        key.Name,
        key.Prefix,
        key.Suffix,
        key.StatusAt(now) switch
        {
            ApiKeyStatus.Active => "active",
            ApiKeyStatus.Revoked => "revoked",
            _ => "expired",
        },
        key.Scopes,
        key.Models,
        key.OrganizationId.ToString(),
        key.ProjectId.ToString(),
        key.CreatedAt,
        key.ExpiresAt,
        key.RevokedAt,
        key.LastUsedAt);

    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Id} {Prefix}…{Suffix}";
}

/// <summary>A page of API keys, newest first unless asked otherwise.</summary>
/// <param name="Items">The keys.</param>
/// <param name="LastId">The last key's id, which is the next page's <c>after</c>.</param>
/// <param name="HasMore">Whether there is a next page.</param>
public sealed record ApiKeyList(IReadOnlyList<ApiKeyResource> Items, string? LastId, bool HasMore);

namespace JanServer.Identity.Sessions;

/// <summary>
/// One sign-in. Everything issued for it hangs on its row: deleting the row ends its refresh tokens and codes, and userinfo and
/// introspection refuse its access tokens.
/// </summary>
internal sealed class Session
{
    public required Guid Id { get; init; }

    public required string Realm { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the browser's SSO cookie; null when the sign-in did not happen in a browser.</summary>
    public byte[]? CookieHash { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the password was last given: auth_time.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required DateTimeOffset LastAccessAt { get; init; }

    /// <summary>The end at the latest.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

namespace JanServer.ServiceDefaults.Auth.Jwt;

/// <summary>What a verified access token says.</summary>
public sealed record JwtClaims
{
    /// <summary><c>iss</c>: who issued the token.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>sub</c>: whom it speaks for; unique together with <see cref="Issuer"/>.</summary>
    public required string Subject { get; init; }

    /// <summary><c>exp</c>: when it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary><c>iat</c>: when it was issued, if it says so.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary><c>jti</c>: the token's own id.</summary>
    public string? TokenId { get; init; }

    /// <summary><c>preferred_username</c>.</summary>
    public string? Username { get; init; }

    /// <summary><c>email</c>.</summary>
    public string? Email { get; init; }

    /// <summary><c>email_verified</c>; false when absent.</summary>
    public bool EmailVerified { get; init; }

    /// <summary><c>name</c>: the display name.</summary>
    public string? Name { get; init; }

    /// <summary><c>azp</c>, or <c>client_id</c> (RFC 9068): the client that asked for the token.</summary>
    public string? AuthorizedParty { get; init; }

    /// <summary><c>scope</c>, split at spaces.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary><c>realm_access.roles</c> and <c>resource_access.*.roles</c> of Keycloak, and <c>roles</c> (RFC 9068), each once.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary><c>groups</c>.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary><c>feature_flags</c>: those of the subject's groups, each once. Keycloak leaves the claim out when there are none.</summary>
    public IReadOnlyList<string> FeatureFlags { get; init; } = [];
}

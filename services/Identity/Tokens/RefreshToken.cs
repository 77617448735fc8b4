namespace JanServer.Identity.Tokens;

/// <summary>An opaque refresh token; only its SHA-256 is stored. Rotated ones stay until they expire, so that their reuse is noticed.</summary>
internal sealed class RefreshToken
{
    public required Guid Id { get; init; }

    public required byte[] TokenHash { get; init; }

    public required Guid SessionId { get; init; }

    public required string ClientId { get; init; }

    public required string Scope { get; init; }

    /// <summary>The token that this one replaced.</summary>
    public Guid? ParentId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }
}

/// <summary>An access token that was revoked before its time.</summary>
internal sealed class RevokedToken
{
    public required Guid Jti { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

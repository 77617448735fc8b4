namespace JanServer.Identity.Login;

/// <summary>A single-use code, bound to client, redirect address and PKCE challenge; only its SHA-256 is stored.</summary>
internal sealed class AuthorizationCode
{
    public required byte[] CodeHash { get; init; }

    public required Guid SessionId { get; init; }

    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    public string? CodeChallenge { get; init; }

    public string? Nonce { get; init; }

    public required string Scope { get; init; }

    /// <summary>1 when the password was given for this code, 0 when the session answered for the user.</summary>
    public required string Acr { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RedeemedAt { get; init; }
}

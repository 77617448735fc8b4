namespace JanServer.Testing.Identity;

/// <summary>What a token of <see cref="TestIssuer"/> says; the defaults make a good one.</summary>
public sealed record TestToken
{
    public string Subject { get; init; } = Guid.CreateVersion7().ToString();

    public string? Username { get; init; } = "ann";

    public string? Email { get; init; } = "ann@example.test";

    public bool EmailVerified { get; init; } = true;

    public IReadOnlyList<string> RealmRoles { get; init; } = [];

    /// <summary>The audiences; a single one is written as a string, as Keycloak does.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = ["account"];

    /// <summary>Another issuer than the one that signs.</summary>
    public string? Issuer { get; init; }

    /// <summary>Another key id than the signing key's.</summary>
    public string? KeyId { get; init; }

    public string Type { get; init; } = "JWT";

    /// <summary>The lifetime from now; negative for an expired token.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When the token begins to be valid, from now; null leaves <c>nbf</c> out.</summary>
    public TimeSpan? NotBefore { get; init; }

    public TokenSignature Signature { get; init; } = TokenSignature.Rs256;

    /// <summary>Further claims.</summary>
    public IReadOnlyDictionary<string, string> Claims { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a token is signed: as it should be, or as attackers try it.</summary>
public enum TokenSignature
{
    /// <summary>RS256 with the published key.</summary>
    Rs256,

    /// <summary><c>alg: none</c> and no signature.</summary>
    None,

    /// <summary>HS256 keyed with the public key's PEM text: the algorithm confusion attack.</summary>
    Hs256WithPublicKey,

    /// <summary>RS256 by a key that the issuer never published, under the published key's id.</summary>
    ForeignKey,

    /// <summary>RS256 over other claims.</summary>
    Tampered,
}

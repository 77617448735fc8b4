namespace JanServer.Identity.Keys;

/// <summary>What a key is for: signing and verifying, verifying only, nothing any more.</summary>
internal enum KeyState
{
    Active,
    Passive,
    Retired,
}

/// <summary>A realm's RSA key. The private half is encrypted and is deleted when the key retires.</summary>
internal sealed class SigningKey
{
    public required string Kid { get; init; }

    public required string Realm { get; init; }

    public required KeyState State { get; init; }

    /// <summary>SubjectPublicKeyInfo.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS#8, sealed by <see cref="KeyProtection"/>.</summary>
    public required byte[]? PrivateKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a passive key stops verifying.</summary>
    public DateTimeOffset? RetiresAt { get; init; }
}

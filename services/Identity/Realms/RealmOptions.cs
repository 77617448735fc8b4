using System.ComponentModel.DataAnnotations;
using JanServer.Identity.Clients;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Realms;

/// <summary>Everything under <c>Identity</c> in the configuration.</summary>
public sealed class RealmOptions
{
    /// <summary>The base address that clients see; every issuer and every published URL starts with it, whatever Host a request names.</summary>
    [Required]
    public Uri PublicUrl { get; set; } = null!;

    /// <summary>Base64 of at least 32 random bytes; encrypts the private keys at rest. All replicas share it.</summary>
    [Required]
    public string KeyEncryptionKey { get; set; } = "";

    /// <summary>Whether the login page offers registration.</summary>
    public bool RegistrationAllowed { get; set; } = true;

    /// <summary>Characters that a new password has at least.</summary>
    [Range(1, 128)]
    public int PasswordMinLength { get; set; } = 8;

    /// <summary>Realm roles of every new user of realm jan.</summary>
    public IList<string> DefaultRoles { get; } = [];

    /// <summary>Groups of every new user of realm jan, by name.</summary>
    public IList<string> DefaultGroups { get; } = [];

    [ValidateObjectMembers]
    public AdminOptions Admin { get; set; } = new();

    [ValidateObjectMembers]
    public TokenOptions Tokens { get; set; } = new();

    [ValidateObjectMembers]
    public KeyOptions Keys { get; set; } = new();

    [ValidateObjectMembers]
    public ThrottleOptions Throttle { get; set; } = new();

    /// <summary>The clients by client_id.</summary>
    public IDictionary<string, ClientOptions> Clients { get; } = new Dictionary<string, ClientOptions>(StringComparer.Ordinal);

    internal Uri BaseUrl => new(PublicUrl.AbsoluteUri.TrimEnd('/'));
}

/// <summary>The administrator of realm master.</summary>
public sealed class AdminOptions
{
    [Required]
    public string Username { get; set; } = "admin";

    [Required]
    [MinLength(8)]
    public string Password { get; set; } = "";
}

/// <summary>Lifetimes, in seconds.</summary>
public sealed class TokenOptions
{
    [Range(30, 86_400)]
    public int AccessTokenSeconds { get; set; } = 300;

    /// <summary>A session that nobody refreshes for this long is over.</summary>
    [Range(60, 31_536_000)]
    public int SessionIdleSeconds { get; set; } = 2_592_000;

    /// <summary>A session is over after this long in any case.</summary>
    [Range(60, 31_536_000)]
    public int SessionMaxSeconds { get; set; } = 2_592_000;

    [Range(10, 600)]
    public int CodeSeconds { get; set; } = 60;

    /// <summary>How long a rotated refresh token is taken again while none of its successors has been used; see the README.</summary>
    [Range(0, 60)]
    public int RefreshGraceSeconds { get; set; } = 10;

    /// <summary>The aud of access tokens beside "account".</summary>
    public IList<string> Audiences { get; } = [];
}

/// <summary>The signing keys' life.</summary>
public sealed class KeyOptions
{
    /// <summary>RSA modulus length in bits.</summary>
    [Range(2048, 8192)]
    public int Bits { get; set; } = 2048;

    /// <summary>A key signs for this many days.</summary>
    [Range(1, 3650)]
    public int RotationDays { get; set; } = 90;

    /// <summary>A key that no longer signs verifies for this many hours more; at least a day, the longest an access token can live.</summary>
    [Range(24, 8760)]
    public int PassiveHours { get; set; } = 48;
}

/// <summary>What guessing costs.</summary>
public sealed class ThrottleOptions
{
    /// <summary>Failed attempts per minute and address before further ones are answered 429.</summary>
    [Range(1, 100_000)]
    public int FailuresPerMinute { get; set; } = 60;

    /// <summary>Failures in a row that lock an account.</summary>
    [Range(1, 1000)]
    public int LockoutFailures { get; set; } = 8;

    /// <summary>How long an account stays locked.</summary>
    [Range(1, 86_400)]
    public int LockoutSeconds { get; set; } = 300;

    /// <summary>PBKDF2-SHA512 rounds of a new password hash.</summary>
    [Range(1000, 10_000_000)]
    public int PasswordIterations { get; set; } = 100_000;
}

[OptionsValidator]
internal sealed partial class RealmOptionsValidator : IValidateOptions<RealmOptions>;

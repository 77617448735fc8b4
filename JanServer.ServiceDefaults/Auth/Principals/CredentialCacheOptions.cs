using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth.Principals;

/// <summary>How long a checked credential is believed. Bound from <c>Auth:Cache</c>.</summary>
public sealed class CredentialCacheOptions
{
    /// <summary>Seconds a good credential is believed, which bounds how long a revoked key still works: 1 to 300.</summary>
    [Range(1, 300)]
    public int GoodSeconds { get; set; } = 15;

    /// <summary>Seconds a bad credential is refused without asking again: 0 to 60.</summary>
    [Range(0, 60)]
    public int BadSeconds { get; set; } = 5;

    /// <summary>Seconds that a credential which was good is still believed while accounts cannot be asked: 0 to 3600.</summary>
    [Range(0, 3600)]
    public int GraceSeconds { get; set; } = 600;

    /// <summary>How many credentials are remembered at most: 100 to 1,000,000.</summary>
    [Range(100, 1_000_000)]
    public int Capacity { get; set; } = 20_000;
}

[OptionsValidator]
internal sealed partial class CredentialCacheOptionsValidator : IValidateOptions<CredentialCacheOptions>;

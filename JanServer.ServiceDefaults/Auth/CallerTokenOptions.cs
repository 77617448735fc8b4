using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>The secret that services of one deployment share to vouch for callers. Bound from <c>CallerToken</c>.</summary>
public sealed class CallerTokenOptions
{
    /// <summary>The signing key: at least 32 characters of high entropy, the same for all services of a deployment.</summary>
    [Required]
    [MinLength(32)]
    public string Key { get; set; } = "";

    /// <summary>A key that is still accepted while <see cref="Key"/> is rolled out; empty otherwise.</summary>
    public string? PreviousKey { get; set; }

    /// <summary>How long a token lives, in seconds: 30 to 3600, 300 unless told.</summary>
    [Range(30, 3600)]
    public int LifetimeSeconds { get; set; } = 300;
}

[OptionsValidator]
internal sealed partial class CallerTokenOptionsValidator : IValidateOptions<CallerTokenOptions>;

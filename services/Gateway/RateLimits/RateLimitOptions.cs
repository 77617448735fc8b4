using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Gateway.RateLimits;

/// <summary>How often whom is answered. Bound from <c>Gateway:RateLimits</c>.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>Every request to a service, by client address (IPv6: by /64).</summary>
    [ValidateObjectMembers]
    public Rate PerAddress { get; set; } = new() { PerMinute = 600 };

    /// <summary>Authenticated requests, by API key, or by user for access tokens.</summary>
    [ValidateObjectMembers]
    public Rate PerCredential { get; set; } = new() { PerMinute = 600 };

    /// <summary>Authenticated requests of guests, by user.</summary>
    [ValidateObjectMembers]
    public Rate PerGuest { get; set; } = new() { PerMinute = 120 };

    /// <summary>Requests without a credential (signing in, refreshing), by client address.</summary>
    [ValidateObjectMembers]
    public Rate PerAnonymous { get; set; } = new() { PerMinute = 60 };

    /// <summary>New guests, by client address.</summary>
    [ValidateObjectMembers]
    public Rate GuestLogin { get; set; } = new() { PerMinute = 10 };
}

/// <summary>One limit.</summary>
internal sealed class Rate
{
    /// <summary>Requests per minute, which may also come all at once: up to 1,000,000,000; 0 for no limit.</summary>
    [Range(0, 1_000_000_000)]
    public int PerMinute { get; set; }
}

[OptionsValidator]
internal sealed partial class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>;

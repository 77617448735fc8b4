using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.Sessions;

/// <summary>Who may use JanServer without an account. Bound from <c>Guests</c>.</summary>
public sealed class GuestOptions
{
    /// <summary>The realm role of guests.</summary>
    [Required]
    public string Role { get; set; } = "guest";

    /// <summary>The domain of the addresses that guests are given. Nothing is ever sent there.</summary>
    [Required]
    public string EmailDomain { get; set; } = "temp.jan.ai";

    /// <summary>How many guests one address may become within a minute: 1 to 10000. An IPv6 address counts as its /64.</summary>
    [Range(1, 10_000)]
    public int PerAddressPerMinute { get; set; } = 30;

    /// <summary>How long a guest login may take altogether, in seconds: 1 to 120.</summary>
    [Range(1, 120)]
    public int TimeoutSeconds { get; set; } = 20;
}

[OptionsValidator]
internal sealed partial class GuestOptionsValidator : IValidateOptions<GuestOptions>;

using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>Where requests to addresses that users supply may go, and how much they may take. Bound from <c>Outbound</c>.</summary>
public sealed class OutboundOptions : IValidatableObject
{
    /// <summary>Networks (CIDR) that are reached although they are private, such as <c>10.1.0.0/16</c>.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Host names that are reached whatever their address, such as <c>files.intranet.example</c>.</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>Seconds for a whole request with its redirects and its body, unless the caller says: 1 to 300.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>Seconds for a connection: 1 to 60.</summary>
    [Range(1, 60)]
    public int ConnectTimeoutSeconds { get; set; } = 5;

    /// <summary>The largest answer in bytes, decompressed, unless the caller says: 1 KiB to 1 GiB.</summary>
    [Range(1 << 10, 1 << 30)]
    public long MaxBytes { get; set; } = 20 << 20;

    /// <summary>How many redirects are followed: 0 to 20.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>How many requests run at once: 1 to 10000. More wait, as part of their time.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentRequests { get; set; } = 64;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from network in AllowedNetworks
        where !IPNetwork.TryParse(network, out _)
        select new ValidationResult($"'{network}' is not a network such as 10.1.0.0/16.", [nameof(AllowedNetworks)]);
}

[OptionsValidator]
internal sealed partial class OutboundOptionsValidator : IValidateOptions<OutboundOptions>;

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Gateway.Forwarding;

/// <summary>How long the gateway waits for services. Bound from <c>Gateway:Forwarding</c>.</summary>
internal sealed class ForwardingOptions
{
    /// <summary>Seconds without a byte in either direction until an exchange is given up: 1 to 86400. Heartbeats count as bytes.</summary>
    [Range(1, 86_400)]
    public int ActivityTimeoutSeconds { get; set; } = 600;

    /// <summary>Seconds until a connection attempt to one replica is given up: 1 to 60.</summary>
    [Range(1, 60)]
    public int ConnectTimeoutSeconds { get; set; } = 2;

    /// <summary>Seconds over which a service that accepts no connection is tried again, as while it restarts: 0 to 60.</summary>
    [Range(0, 60)]
    public int ConnectRetrySeconds { get; set; } = 3;
}

[OptionsValidator]
internal sealed partial class ForwardingOptionsValidator : IValidateOptions<ForwardingOptions>;

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Gateway;

/// <summary>What an operator decides about the edge. Bound from <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    /// <summary>Addresses and networks (CIDR) of reverse proxies in front of us whose <c>X-Forwarded-*</c> is believed.</summary>
    public IList<string> TrustedProxies { get; init; } = [];

    /// <summary>Origins of web pages that may call us with credentials, such as <c>https://chat.example.org</c>.</summary>
    public IList<string> CorsOrigins { get; init; } = [];

    /// <summary>Where clients reach the gateway, such as <c>https://jan.example.org</c>; null for the address of each request.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>The largest request body in bytes: 1 KiB to 1 GiB, 32 MiB unless told.</summary>
    [Range(1024, 1 << 30)]
    public long MaxBodyBytes { get; set; } = 32 << 20;

    /// <summary>Other limits for single services, by resource name, in bytes.</summary>
    public IDictionary<string, long> MaxBodyBytesOf { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The largest request head in bytes: 8 KiB to 1 MiB.</summary>
    [Range(8 << 10, 1 << 20)]
    public int MaxHeaderBytes { get; set; } = 32 << 10;
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;

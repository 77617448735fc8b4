using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace JanServer.Gateway.Addresses;

/// <summary>
/// Believes <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> only from the networks of <c>Gateway:TrustedProxies</c>. Runs
/// before the inbound headers are cleaned, which removes them from everyone.
/// </summary>
internal static class TrustedProxies
{
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app)
    {
        var trusted = app.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.TrustedProxies;
        if (trusted.Count == 0)
        {
            return app;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (var network in trusted)
        {
            options.KnownIPNetworks.Add(Parse(network));
        }

        return app.UseForwardedHeaders(options);
    }

    private static System.Net.IPNetwork Parse(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            return System.Net.IPNetwork.Parse(text);
        }

        var address = IPAddress.Parse(text);
        return new(address, address.GetAddressBytes().Length * 8);
    }
}

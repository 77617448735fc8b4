using System.Net;
using System.Net.Sockets;
using JanServer.ServiceDefaults.Requests;

namespace JanServer.Accounts.Sessions;

/// <summary>The client's connection as limits and cookies need it.</summary>
internal static class GatewayHeaders
{
    private const int ClientPrefixBytes = 8;

    /// <summary>The client's address as limits count it: an IPv4 address, or the /64 of an IPv6 address.</summary>
    public static string ClientAddress(HttpContext context) => Network(ForwardedRequest.Address(context)).ToString();

    /// <summary>Whether the client's connection is encrypted.</summary>
    public static bool IsHttps(HttpContext context) =>
        ForwardedRequest.Header(context, "X-Forwarded-Proto") is { } scheme
            ? string.Equals(scheme, "https", StringComparison.OrdinalIgnoreCase)
            : context.Request.IsHttps;

    private static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return address;
        }

        // One customer has a /64 at least, and as many addresses in it as it likes.
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(ClientPrefixBytes).Clear();
        return new(bytes);
    }
}

using System.Net;
using System.Net.Sockets;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.Accounts.Sessions;

/// <summary>
/// What the gateway says about the client's connection. The headers count only beside a caller token that verifies; anyone else
/// could write them.
/// </summary>
internal static class GatewayHeaders
{
    private const int ClientPrefixBytes = 8;

    /// <summary>The client's address as limits count it: an IPv4 address, or the /64 of an IPv6 address.</summary>
    public static string ClientAddress(HttpContext context) => Network(Address(context)).ToString();

    /// <summary>The client's address.</summary>
    public static IPAddress Address(HttpContext context)
    {
        // The last entry is the one that the gateway wrote; those before it came with the request.
        return FromGateway(context, "X-Forwarded-For") is { } forwarded && IPAddress.TryParse(forwarded, out var client)
            ? client
            : context.Connection.RemoteIpAddress ?? IPAddress.None;
    }

    /// <summary>Whether the client's connection is encrypted.</summary>
    public static bool IsHttps(HttpContext context) =>
        FromGateway(context, "X-Forwarded-Proto") is { } scheme
            ? string.Equals(scheme, "https", StringComparison.OrdinalIgnoreCase)
            : context.Request.IsHttps;

    private static string? FromGateway(HttpContext context, string header) =>
        context.Request.Headers.ContainsKey(CallerTokens.HeaderName) && Caller.Of(context) is not null
        && context.Request.Headers[header].ToString() is { Length: > 0 } value
            ? value[(value.LastIndexOf(',') + 1)..].Trim()
            : null;

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

using System.Net;
using System.Net.Sockets;

namespace JanServer.Gateway.Addresses;

/// <summary>Where a request comes from, after the trusted proxies have been seen through.</summary>
internal static class ClientAddress
{
    /// <summary>The address; IPv4 clients of a dual-stack socket as IPv4.</summary>
    public static IPAddress Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>
    /// What limits count by: an IPv4 address, or the /64 of an IPv6 one, since a single customer is given at least that many
    /// (RFC 6177).
    /// </summary>
    public static IPAddress LimitedAs(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}

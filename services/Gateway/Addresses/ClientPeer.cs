using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;

namespace JanServer.Gateway.Addresses;

/// <summary>Where requests come from, after the trusted proxies have been seen through. Kept with the connection: text is made once.</summary>
internal sealed class ClientPeer
{
    private static readonly object Key = new();

    private readonly IPAddress _remote;

    public ClientPeer(IPAddress remote)
    {
        _remote = remote;
        var address = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        Address = address.ToString();
        LimitedAs = address.AddressFamily == AddressFamily.InterNetworkV6 ? NetworkOf(address) : Address;
    }

    /// <summary>The address; that of an IPv4 client of a dual-stack socket as IPv4.</summary>
    public string Address { get; }

    /// <summary>
    /// What limits count by: an IPv4 address, or the /64 of an IPv6 one, since a single customer is given at least that many
    /// (RFC 6177).
    /// </summary>
    public string LimitedAs { get; }

    /// <summary>The peer of a request.</summary>
    public static ClientPeer Of(HttpContext context)
    {
        var remote = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (context.Features.Get<IConnectionItemsFeature>()?.Items is not { } connection)
        {
            return new(remote);
        }

        // Behind a trusted proxy one connection carries many clients.
        if (connection.TryGetValue(Key, out var known) && known is ClientPeer peer && peer._remote.Equals(remote))
        {
            return peer;
        }

        peer = new(remote);
        connection[Key] = peer;
        return peer;
    }

    private static string NetworkOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}

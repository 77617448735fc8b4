using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>Which addresses are part of the public internet. Everything else is refused unless the operator allows it.</summary>
internal sealed class AddressRules(IOptions<OutboundOptions> options)
{
    // IANA's registry of special-purpose addresses, multicast and reserved space. 168.63.129.16 is public by number and Azure's
    // own metadata service by use; the other clouds' are link-local, shared (100.64.0.0/10) or in 192.0.0.0/24.
    private static readonly IPNetwork[] RefusedV4 = Parse(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "168.63.129.16/32");

    // Only 2000::/3 is global unicast; within it, what tunnels IPv4 (Teredo, 6to4), what is for documentation and what is no host.
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] RefusedV6 = Parse("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    // An IPv6-only network reaches IPv4 through these: the IPv4 address inside is what counts.
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly IPNetwork[] _allowed = Parse([.. options.Value.AllowedNetworks]);
    private readonly HashSet<string> _hosts = new(options.Value.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the operator vouches for the host, whatever its address.</summary>
    public bool Trusts(string host) => _hosts.Contains(host);

    /// <summary>Whether a connection to the address may be made.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = Unwrap(address);
        return Array.Exists(_allowed, network => network.Contains(plain)) || IsPublic(plain);
    }

    /// <summary>Whether the address is part of the public internet, whatever the operator allows besides.</summary>
    public static bool IsOnInternet(IPAddress address) => IsPublic(Unwrap(address));

    private static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(RefusedV4, network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => GlobalV6.Contains(address) && !Array.Exists(RefusedV6, network => network.Contains(address)),
        _ => false,
    };

    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return address;
        }

        // Without the scope: fe80::1%eth0 is fe80::1 to the rules.
        var bytes = address.GetAddressBytes();
        var plain = new IPAddress(bytes);
        return Nat64.Contains(plain) ? new(bytes.AsSpan(12)) : plain;
    }

    private static IPNetwork[] Parse(params string[] networks) => Array.ConvertAll(networks, IPNetwork.Parse);
}

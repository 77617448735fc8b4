using System.Net;
using System.Net.Sockets;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>
/// Connects to the very addresses that were checked, so that a name cannot lead elsewhere between check and use. Every connection is
/// made here: first requests, redirects, and whatever a library does on its own.
/// </summary>
internal sealed class GuardedConnector(AddressRules rules, HostLookup lookup)
{
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, IReadOnlySet<string> alsoTrusted, CancellationToken ct)
    {
        var addresses = await AddressesOfAsync(target.Host, alsoTrusted, ct);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="OutboundRefusedException">The host is unknown or has an address that is not to be reached.</exception>
    public async Task<IPAddress[]> AddressesOfAsync(string host, IReadOnlySet<string> alsoTrusted, CancellationToken ct)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await lookup(host, ct);
        }
        catch (SocketException exception)
        {
            throw new OutboundRefusedException(exception);
        }

        // One bad address refuses them all: a name that has both kinds is up to something.
        return addresses.Length > 0 && (rules.Trusts(host) || alsoTrusted.Contains(host) || Array.TrueForAll(addresses, rules.Allows))
            ? addresses
            : throw new OutboundRefusedException();
    }
}

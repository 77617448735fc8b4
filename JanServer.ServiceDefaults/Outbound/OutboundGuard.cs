using System.Net;
using System.Net.Sockets;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>
/// Says where a URL of a user leads before anything is asked. Not a substitute for <see cref="OutboundClient"/>, which checks the very
/// addresses that it connects to: this is for URLs that are handed to somebody else, who must not learn of our network.
/// </summary>
public sealed class OutboundGuard
{
    private readonly AddressRules _rules;
    private readonly HostLookup _lookup;

    internal OutboundGuard(AddressRules rules, HostLookup lookup)
    {
        _rules = rules;
        _lookup = lookup;
    }

    /// <summary>Resolves the URL's host. A host that is unknown is <see cref="OutboundReach.Refused"/>, like one that may not be reached.</summary>
    public async Task<OutboundReach> ReachOfAsync(Uri url, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!IsFit(url))
        {
            return OutboundReach.BadUrl;
        }

        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(url.IdnHost, out var literal) ? [literal] : await _lookup(url.IdnHost, ct);
        }
        catch (SocketException)
        {
            return OutboundReach.Refused;
        }

        if (addresses.Length > 0 && Array.TrueForAll(addresses, AddressRules.IsOnInternet))
        {
            return OutboundReach.Internet;
        }

        return addresses.Length > 0 && (_rules.Trusts(url.IdnHost) || Array.TrueForAll(addresses, _rules.Allows))
            ? OutboundReach.Allowed
            : OutboundReach.Refused;
    }

    internal static bool IsFit(Uri url) =>
        url is { IsAbsoluteUri: true, UserInfo: "" } && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}

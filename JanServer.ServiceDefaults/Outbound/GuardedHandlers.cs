using System.Collections.Frozen;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>
/// Makes handlers whose every connection is checked. A redirect is not followed: whoever uses the handler decides, and the connection
/// that it leads to is checked too.
/// </summary>
public sealed class GuardedHandlers
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly GuardedConnector _connector;
    private readonly IOptions<OutboundOptions> _options;

    internal GuardedHandlers(GuardedConnector connector, IOptions<OutboundOptions> options)
    {
        _connector = connector;
        _options = options;
    }

    /// <summary>A handler for a client of a foreign server.</summary>
    /// <param name="alsoTrusted">Hosts that are reached whatever their address, besides those of <see cref="OutboundOptions"/>: for what administrators name.</param>
    public SocketsHttpHandler Create(IEnumerable<string>? alsoTrusted = null)
    {
        var trusted = Set(alsoTrusted);
        return new()
        {
            ConnectCallback = (context, ct) => _connector.ConnectAsync(context.DnsEndPoint, trusted, ct),
            ConnectTimeout = TimeSpan.FromSeconds(_options.Value.ConnectTimeoutSeconds),
            PooledConnectionLifetime = ConnectionLifetime,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxResponseDrainSize = 0,

            // A proxy would connect in our place, to addresses that nobody checked.
            UseProxy = false,

            // Our trace ids are no business of foreign servers.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        };
    }

    /// <summary>An <see cref="OutboundClient"/> that also reaches <paramref name="alsoTrusted"/>. Whoever makes it disposes of it.</summary>
    public OutboundClient CreateClient(IEnumerable<string> alsoTrusted, TimeProvider clock) => new(Create(alsoTrusted), _options, clock);

    /// <summary>
    /// Whether a host may be connected to as things stand, so that an address that never works is refused when it is entered. What counts
    /// is the check at the connection.
    /// </summary>
    public async Task<bool> AllowsAsync(string host, IEnumerable<string>? alsoTrusted, CancellationToken ct)
    {
        try
        {
            await _connector.AddressesOfAsync(host, Set(alsoTrusted), ct);
            return true;
        }
        catch (OutboundRefusedException)
        {
            return false;
        }
    }

    private static FrozenSet<string> Set(IEnumerable<string>? hosts) => FrozenSet.ToFrozenSet(hosts ?? [], StringComparer.OrdinalIgnoreCase);
}

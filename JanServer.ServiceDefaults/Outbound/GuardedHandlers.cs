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
    private readonly TimeSpan _connectTimeout;

    internal GuardedHandlers(GuardedConnector connector, IOptions<OutboundOptions> options)
    {
        _connector = connector;
        _connectTimeout = TimeSpan.FromSeconds(options.Value.ConnectTimeoutSeconds);
    }

    /// <summary>A handler for a client of a foreign server.</summary>
    public SocketsHttpHandler Create() => new()
    {
        ConnectCallback = (context, ct) => _connector.ConnectAsync(context.DnsEndPoint, ct),
        ConnectTimeout = _connectTimeout,
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

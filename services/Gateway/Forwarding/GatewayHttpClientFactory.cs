using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace JanServer.Gateway.Forwarding;

/// <summary>Makes the client behind each service: one connection pool, and event streams that never end without saying so.</summary>
internal sealed class GatewayHttpClientFactory(IOptions<ForwardingOptions> options, ILogger<EventStreamRescue> logger) : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = TimeSpan.FromSeconds(options.Value.ConnectTimeoutSeconds);

        // Otherwise an answer that nobody wants any more is read on for up to two seconds, in the hope to reuse the connection.
        handler.MaxResponseDrainSize = 0;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2);

        // A long-lived pool would keep sending to an address that the name of a service no longer has.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(15);
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new EventStreamRescue(base.WrapHandler(context, handler), logger);
}

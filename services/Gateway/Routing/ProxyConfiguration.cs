using System.Globalization;
using System.Net;
using JanServer.Gateway.Forwarding;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace JanServer.Gateway.Routing;

/// <summary>Turns the <see cref="RouteTable"/> and the <see cref="ServiceAddresses"/> into YARP's configuration, again when they change.</summary>
internal sealed class ProxyConfiguration(ServiceAddresses addresses, IOptions<ForwardingOptions> options) : IProxyConfigProvider
{
    public IProxyConfig GetConfig()
    {
        // The token comes first: a change while we read is then seen, not lost.
        var changes = addresses.GetReloadToken();
        var services = RouteTable.Services.Where(service => addresses.Of(service).Count > 0).ToHashSet();
        return new Snapshot(
            [.. RouteTable.All.Where(route => services.Contains(route.Service)).Select(RouteOf)],
            [.. services.Select(ClusterOf)],
            changes);
    }

    private static RouteConfig RouteOf(ServiceRoute route)
    {
        var config = new RouteConfig
        {
            RouteId = $"{route.Service}:{route.Prefix}",
            ClusterId = route.Service,
            Match = new() { Path = route.Prefix + "/{**rest}" },
        };
        return route.InternalPrefix == route.Prefix
            ? config
            : config.WithTransformPathRemovePrefix(route.Prefix).WithTransformPathPrefix(route.InternalPrefix);
    }

    private ClusterConfig ClusterOf(string service)
    {
        var replicas = addresses.Of(service);
        return new()
        {
            ClusterId = service,
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            Destinations = replicas.Index().ToDictionary(
                replica => $"{service}-{replica.Index.ToString(CultureInfo.InvariantCulture)}",
                replica => new DestinationConfig { Address = replica.Item.AbsoluteUri }),
            HealthCheck = new()
            {
                Passive = new() { Enabled = replicas.Count > 1, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(5) },

                // A replica that failed is avoided, not abandoned: when all have failed, all are tried.
                AvailableDestinationsPolicy = "HealthyOrPanic",
            },
            HttpRequest = new()
            {
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                ActivityTimeout = TimeSpan.FromSeconds(options.Value.ActivityTimeoutSeconds),
            },
        };
    }

    private sealed record Snapshot(IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters, IChangeToken ChangeToken)
        : IProxyConfig;
}

using System.Globalization;
using System.Net;
using JanServer.Gateway.Forwarding;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace JanServer.Gateway.Routing;

/// <summary>Turns the <see cref="RouteTable"/> and the <see cref="ServiceAddresses"/> into YARP's configuration.</summary>
internal static class ProxyConfiguration
{
    public static IReadOnlyList<ClusterConfig> Clusters(ServiceAddresses addresses, ForwardingOptions options) =>
    [
        .. RouteTable.All
            .Select(route => route.Service)
            .Distinct()
            .Where(service => addresses.Of(service).Count > 0)
            .Select(service => ClusterOf(service, addresses.Of(service), options)),
    ];

    public static IReadOnlyList<RouteConfig> Routes(IReadOnlyList<ClusterConfig> clusters) =>
        [.. RouteTable.All.Where(route => clusters.Any(cluster => cluster.ClusterId == route.Service)).Select(RouteOf)];

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

    private static ClusterConfig ClusterOf(string service, IReadOnlyList<Uri> addresses, ForwardingOptions options) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        Destinations = addresses.Index().ToDictionary(
            address => $"{service}-{address.Index.ToString(CultureInfo.InvariantCulture)}",
            address => new DestinationConfig { Address = address.Item.AbsoluteUri }),
        HealthCheck = new()
        {
            Passive = new() { Enabled = addresses.Count > 1, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(5) },

            // A replica that failed is avoided, not abandoned: when all have failed, all are tried.
            AvailableDestinationsPolicy = "HealthyOrPanic",
        },
        HttpRequest = new ForwarderRequestConfig
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = TimeSpan.FromSeconds(options.ActivityTimeoutSeconds),
        },
    };
}

using JanServer.ServiceDefaults.Discovery;
using Microsoft.Extensions.Primitives;

namespace JanServer.Gateway.Routing;

/// <summary>Which services this deployment has, and where their replicas listen.</summary>
internal sealed class ServiceAddresses(IConfiguration configuration, ServiceEndpoints endpoints)
{
    /// <summary>
    /// The base addresses of all replicas. A core service that is not configured is found by its name, which the DNS of a container
    /// network resolves; any other is not part of this deployment, and there are none.
    /// </summary>
    public IReadOnlyList<Uri> Of(string service) =>
        RouteTable.CoreServices.Contains(service) || configuration.GetSection("services").GetSection(service).Exists()
            ? endpoints.All(new Uri($"https+http://{service}"))
            : [];

    /// <summary>Tells when addresses may have changed.</summary>
    public IChangeToken GetReloadToken() => endpoints.GetReloadToken();
}

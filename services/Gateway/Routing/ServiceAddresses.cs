namespace JanServer.Gateway.Routing;

/// <summary>
/// Where the replicas of a service listen: <c>services:name:http:0</c> and up, as Aspire injects them; for a core service
/// without configuration its name, which the DNS of a container network resolves.
/// </summary>
internal sealed class ServiceAddresses(IConfiguration configuration)
{
    private static readonly string[] Schemes = ["http", "https"];

    /// <summary>The base addresses of all replicas; empty when the service is not part of this deployment.</summary>
    public IReadOnlyList<Uri> Of(string service)
    {
        var endpoints = configuration.GetSection("services").GetSection(service);
        var configured = Schemes
            .SelectMany(scheme => endpoints.GetSection(scheme).GetChildren())
            .Select(child => child.Value)
            .Where(value => !string.IsNullOrWhiteSpace(value))
            .Select(value => new Uri(value!, UriKind.Absolute))
            .ToList();
        return configured.Count == 0 && RouteTable.CoreServices.Contains(service) ? [new Uri($"http://{service}")] : configured;
    }
}

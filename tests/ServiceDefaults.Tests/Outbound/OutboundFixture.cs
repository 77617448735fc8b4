using System.Net;
using JanServer.ServiceDefaults.Outbound;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Outbound;

/// <summary>A server on the loopback that plays the internet: its host name is trusted, its address is not.</summary>
public sealed class OutboundFixture : IAsyncLifetime
{
    /// <summary>A host that the operator trusts.</summary>
    public const string Trusted = "trusted.test";

    private FakeUpstream? _server;

    public FakeUpstream Server => _server!;

    public async Task InitializeAsync() => _server = await FakeUpstream.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>A URL of the server by a host name.</summary>
    public Uri Url(string path, string host = Trusted) => new($"http://{host}:{Server.BaseAddress.Port}{path}");

    /// <summary>The client as a host registers it; every name that is not in <paramref name="names"/> is the loopback.</summary>
    internal static OutboundClient Client(Dictionary<string, string?>? settings = null, HostLookup? names = null) =>
        Host(settings, names).GetRequiredService<OutboundClient>();

    /// <summary>The guard of the same host.</summary>
    internal static OutboundGuard Guard(Dictionary<string, string?>? settings = null, HostLookup? names = null) =>
        Host(settings, names).GetRequiredService<OutboundGuard>();

    private static ServiceProvider Host(Dictionary<string, string?>? settings, HostLookup? names)
    {
        var configuration = new Dictionary<string, string?>(settings ?? [], StringComparer.OrdinalIgnoreCase);
        configuration.TryAdd("Outbound:AllowedHosts:0", Trusted);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        services.AddSingleton(names ?? ((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));
        services.AddOutboundClient();
        return services.BuildServiceProvider();
    }
}

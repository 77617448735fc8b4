using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanServer.ServiceDefaults.Tests;

/// <summary>A host on a real Kestrel, on a free loopback port.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestHost(WebApplication app)
    {
        _app = app;
        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new() { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public IHostApplicationLifetime Lifetime => _app.Lifetime;

    /// <summary>Starts a host with the service defaults.</summary>
    public static Task<TestHost> StartAsync(
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null,
        params (string Key, string? Value)[] settings) =>
        BuildAsync(
            builder =>
            {
                builder.AddServiceDefaults();
                configure?.Invoke(builder);
            },
            app =>
            {
                app.UseServiceDefaults();
                app.MapDefaultEndpoints();
                map?.Invoke(app);
            },
            settings.ToDictionary(setting => setting.Key, setting => setting.Value));

    /// <summary>Starts a bare host: something for the code under test to call.</summary>
    public static Task<TestHost> StartBareAsync(Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null) =>
        BuildAsync(configure ?? (_ => { }), map, []);

    public Task StopAsync(CancellationToken ct) => _app.StopAsync(ct);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<TestHost> BuildAsync(
        Action<WebApplicationBuilder> configure,
        Action<WebApplication> map,
        Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings);
        configure(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new(app);
    }
}

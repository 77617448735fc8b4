using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>
/// The run in a browser of this machine. It lives in the AppHost's process and only reads: what it cannot do never stops a service.
/// </summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>Where the AppHost finds the address with the token, for its ready line.</summary>
    public const string UrlKey = "LocalOrchestrator:DashboardUrl";

    private static readonly GenerateParameterDefault TokenRule = new() { MinLength = 48, Special = false };
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication _application;

    private DashboardServer(WebApplication application) => _application = application;

    /// <returns>Null when it could not start; the reason is on the console.</returns>
    public static async Task<DashboardServer?> StartAsync(
        DashboardResource resource, RunContext context, ProgressConsole console, CancellationToken ct)
    {
        WebApplication? application = null;
        try
        {
            var parameters = ((ResourceCollection)context.Builder.Resources).Parameters;
            var token = parameters.Resolve("dashboard-token", TokenRule, persist: true);
            application = Build(resource.Endpoint.Port, token, context);
            await application.StartAsync(ct);
            var url = $"{resource.Endpoint.Url}/login?t={Uri.EscapeDataString(token)}";
            context.Builder.Configuration[UrlKey] = url;
            console.Info($"dashboard: {url}");
            return new(application);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            console.Info($"There is no dashboard in this run: {exception.Message}");
            if (application is not null)
            {
                await application.DisposeAsync();
            }

            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(StopTimeout);
        await _application.StopAsync(deadline.Token);
        await _application.DisposeAsync();
    }

    private static WebApplication Build(int port, string token, RunContext context)
    {
        // Nothing of the environment (ASPNETCORE_URLS and the like) reaches an empty builder.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 * 1024;
            kestrel.ListenLocalhost(port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
        var application = builder.Build();

        var gate = new DashboardGate(token, port);
        application.Use(gate.CheckAsync);
        application.UseRouting();
        gate.Map(application);
        DashboardAssets.Map(application);
        new ResourceEndpoints(context).Map(application);
        new LogEndpoints(context.Monitor).Map(application);
        return application;
    }

    /// <summary>Signals are the AppHost's: the dashboard still shows how everything else stops.</summary>
    private sealed class OwnLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

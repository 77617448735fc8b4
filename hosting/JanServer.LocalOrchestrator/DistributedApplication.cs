using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly DistributedApplicationBuilder _builder;
    private readonly IHost _host;
    private readonly EntryPointHook? _hook;
    private readonly Orchestrator _orchestrator;

    internal DistributedApplication(DistributedApplicationBuilder builder, IHost host, EntryPointHook? hook)
    {
        _builder = builder;
        _host = host;
        _hook = hook;
        _orchestrator = new(builder, host.Services);
        ResourceNotifications = new(_orchestrator.Monitor, builder.Resources);
    }

    public IServiceProvider Services => _host.Services;

    public ResourceNotificationService ResourceNotifications { get; }

    internal Orchestrator Orchestrator => _orchestrator;

    internal IResourceCollection Resources => _builder.Resources;

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        CreateBuilder(new DistributedApplicationOptions { Args = args });

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) =>
        new DistributedApplicationBuilder(options);

    public virtual void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>
    /// Runs until SIGINT or SIGTERM, or until <paramref name="cancellationToken"/>; in publish mode writes the manifest and ends.
    /// </summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_hook is not null)
        {
            await _hook.ParkAsync();
            return;
        }

        if (_builder.ExecutionContext.IsPublishMode)
        {
            Environment.ExitCode = await ManifestPublisher.RunAsync(_builder, cancellationToken);
            return;
        }

        Environment.ExitCode = await ForegroundRun.ExecuteAsync(this, _orchestrator, cancellationToken);
    }

    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _host.StartAsync(cancellationToken);
        await _orchestrator.StartAsync(cancellationToken);
    }

    public virtual async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _orchestrator.StopAsync();
        await _host.StopAsync(cancellationToken);
    }

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _orchestrator.DisposeAsync();
        _host.Dispose();
        _hook?.Done();
        GC.SuppressFinalize(this);
    }
}

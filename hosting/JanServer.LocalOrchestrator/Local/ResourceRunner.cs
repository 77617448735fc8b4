using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local;

/// <summary>What every runner needs from its run.</summary>
internal sealed record RunContext(
    DistributedApplicationBuilder Builder, IServiceProvider Services, ResourceMonitor Monitor, ProcessWatch Watch, TimeProvider Clock)
{
    public OrchestratorOptions Options => Builder.OrchestratorOptions;
}

/// <summary>Takes one resource through its life: waits, starts, watches, restarts, stops.</summary>
internal abstract class ResourceRunner(IResource resource, RunContext context) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _life = Task.CompletedTask;

    public IResource Resource { get; } = resource;

    protected RunContext Context { get; } = context;

    protected ResourceMonitor Monitor => Context.Monitor;

    protected ResourceLog Log => Monitor.LogOf(Resource.Name);

    public void Begin() => _life = LiveAsync(_stopping.Token);

    /// <summary>Ends with the resource: asked politely first, killed after <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stopping.CancelAsync();
        Update(s => KnownResourceStates.TerminalStates.Contains(s.State) ? s : s with { State = KnownResourceStates.Stopping, Reason = null });
        await StopCoreAsync(grace);
        await _life;
        Update(s => s with
        {
            State = s.State == KnownResourceStates.Stopping ? KnownResourceStates.Exited : s.State,
            ProcessId = null,
            Health = null,
        });
    }

    public void Dispose() => _stopping.Dispose();

    protected abstract Task RunAsync(CancellationToken stopping);

    protected abstract Task StopCoreAsync(TimeSpan grace);

    protected ResourceStatus Update(Func<ResourceStatus, ResourceStatus> change) => Monitor.Update(Resource.Name, change);

    protected async Task ReadyAsync(CancellationToken ct)
    {
        foreach (var ready in Resource.Annotations.OfType<ReadyAnnotation>())
        {
            try
            {
                await ready.Callback(new(Resource, Context.Services), ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.Append($"[orchestrator] a callback for its readiness failed: {exception.Message}");
            }
        }
    }

    private async Task LiveAsync(CancellationToken stopping)
    {
        try
        {
            await Dependencies.WaitAsync(Resource, Monitor, stopping);
            await RunAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // StopAsync sets the last state.
        }
        catch (Exception exception)
        {
            // The one place where a resource's failure becomes its state; the others go on.
            Log.Append($"[orchestrator] {exception.Message}");
            Update(s => s with { State = KnownResourceStates.FailedToStart, Health = null, ProcessId = null, Reason = exception.Message });
        }
    }

    protected static ResourceStatus Ready(ResourceStatus status) =>
        status with { State = KnownResourceStates.Running, Health = HealthStatus.Healthy, Reason = null };
}

using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local.Dashboard;

namespace Aspire.Hosting.Local;

/// <summary>Runs a model on this machine: what it can as processes, the rest not at all.</summary>
internal sealed class Orchestrator(DistributedApplicationBuilder builder, IServiceProvider services) : IAsyncDisposable
{
    private readonly List<ResourceRunner> _runners = [];
    private readonly CancellationTokenSource _following = new();
    private RunLock? _lock;
    private ProcessWatch? _watch;
    private DashboardServer? _dashboard;
    private Task _console = Task.CompletedTask;
    private bool _stopped;
    private bool _disposed;

    public ResourceMonitor Monitor { get; } = new();

    public ProgressConsole Console { get; } = new(builder.OrchestratorOptions.Quiet, builder.State);

    /// <summary>Starts everything that can run; waiting for it to be ready is up to the caller.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _lock = RunLock.Acquire(builder.State);
        var plan = RunPlan.For(builder.Resources, builder.Configuration);
        Dependencies.CheckForCircles(plan.Running);
        var dashboard = builder is { OrchestratorOptions.Dashboard: true, Options.DisableDashboard: false }
            ? new DashboardResource(builder.OrchestratorOptions.DashboardPort)
            : null;
        EndpointAllocation.Allocate(
            dashboard is null ? plan.Running : [.. plan.Running, dashboard], builder.OrchestratorOptions.RandomizePorts);
        foreach (var (replaced, standIn) in plan.Replaced)
        {
            EndpointAllocation.Share(replaced, standIn);
        }

        foreach (var resource in builder.Resources)
        {
            Monitor.Add(plan.InitialStatus(resource));
        }

        _watch = ProcessWatch.Start();
        var context = new RunContext(builder, services, Monitor, _watch, TimeProvider.System);
        foreach (var resource in plan.Running)
        {
            Monitor.LogOf(resource.Name).OpenFile(Path.Combine(builder.State.Logs, resource.Name + ".log"));
            _runners.Add(plan.RunnerFor(resource, context));
        }

        if (dashboard is not null)
        {
            _dashboard = await DashboardServer.StartAsync(dashboard, context, Console, ct);
        }

        _console = Console.FollowAsync(Monitor, _following.Token);
        foreach (var runner in _runners)
        {
            runner.Begin();
        }
    }

    /// <summary>Stops whoever depends on others first. Within the time that is left, each gets half; what does not end is killed.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        var deadline = TimeProvider.System.GetUtcNow() + builder.OrchestratorOptions.StopTimeout;
        var stops = new Dictionary<IResource, Task>();
        await Task.WhenAll([.. _runners.Select(Stop)]);
        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }

        Task Stop(ResourceRunner runner)
        {
            if (!stops.TryGetValue(runner.Resource, out var stop))
            {
                var dependents = _runners.Where(r => Dependencies.Of(r.Resource).Any(w => w.Resource == runner.Resource)).ToArray();
                stops[runner.Resource] = stop = StopAfterAsync(Task.WhenAll(dependents.Select(Stop)), runner, deadline);
            }

            return stop;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopAsync();
        await _following.CancelAsync();
        try
        {
            await _console;
        }
        catch (OperationCanceledException)
        {
            // Everything has been said.
        }

        if (_watch is not null)
        {
            await _watch.DisposeAsync();
            _watch = null;
        }

        foreach (var runner in _runners)
        {
            Monitor.LogOf(runner.Resource.Name).Dispose();
            runner.Dispose();
        }

        _runners.Clear();
        if (_lock is not null)
        {
            _lock.Dispose();
            _lock = null;
            if (builder.OrchestratorOptions.RemoveState)
            {
                Directory.Delete(builder.State.Path, recursive: true);
            }
        }

        _following.Dispose();
    }

    private static async Task StopAfterAsync(Task dependents, ResourceRunner runner, DateTimeOffset deadline)
    {
        await dependents;
        var left = deadline - TimeProvider.System.GetUtcNow();
        await runner.StopAsync(left > TimeSpan.FromSeconds(1) ? left / 2 : TimeSpan.FromMilliseconds(500));
    }
}

using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Local;

/// <summary>A service or a program as a process of its own.</summary>
internal sealed class ProcessRunner : ResourceRunner
{
    private readonly bool _runsOnce;
    private readonly RestartPolicy _restarts;
    private readonly HealthProbe _probe;
    private ChildProcess? _process;

    /// <param name="resource">A project, an executable, or a container that a program of this machine stands in for.</param>
    /// <param name="context">The run.</param>
    /// <param name="runsOnce">Others wait for its completion: its end is no crash.</param>
    public ProcessRunner(IResource resource, RunContext context, bool runsOnce) : base(resource, context)
    {
        _runsOnce = runsOnce;
        _restarts = new(context.Clock);
        _probe = new(resource, context.Monitor, context.Options.StartTimeout, async ct =>
        {
            _restarts.BecameReady();
            await ReadyAsync(ct);
        });
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            var exitCode = await LiveOnceAsync(stopping);
            stopping.ThrowIfCancellationRequested();
            if (_runsOnce)
            {
                Update(s => s with
                {
                    State = exitCode == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited,
                    ProcessId = null,
                    ExitCode = exitCode,
                    Health = null,
                    IsLate = false,
                    Reason = null,
                });
                return;
            }

            var delay = _restarts.NextDelay() ?? throw new DistributedApplicationException(
                $"it ended {Text(Monitor.Find(Resource.Name)!.Restarts + 1)} times before it was healthy, "
                + $"the last time with exit code {Text(exitCode)}; "
                + $"see {Path.Combine(Context.Builder.State.Logs, Resource.Name + ".log")}");
            Log.Append($"[orchestrator] ended with exit code {Text(exitCode)}; starts again in {delay.TotalSeconds:0} s");
            Update(s => s with
            {
                State = KnownResourceStates.Starting,
                ProcessId = null,
                ExitCode = exitCode,
                Health = null,
                Restarts = s.Restarts + 1,
                Reason = $"ended with exit code {Text(exitCode)}; starts again in {delay.TotalSeconds:0} s",
            });
            await Task.Delay(delay, Context.Clock, stopping);
        }
    }

    protected override async Task StopCoreAsync(TimeSpan grace)
    {
        if (_process is { } process && !await process.StopAsync(grace))
        {
            Log.Append($"[orchestrator] did not end within {grace.TotalSeconds:0.0} s and was killed");
        }
    }

    private async Task<int> LiveOnceAsync(CancellationToken stopping)
    {
        Update(s => s with { State = KnownResourceStates.Starting, Reason = null });
        var environment = await ChildEnvironment.BuildAsync(Resource, Context.Builder, Context.Watch.Mark, stopping);
        var command = await ProcessCommand.ForAsync(Resource, Context.Builder.State, stopping);
        stopping.ThrowIfCancellationRequested();
        using var process = ChildProcess.Start(command, environment, Log.Append, Log.AppendError);
        _process = process;
        Context.Watch.Add(process.Id);
        _restarts.Started();
        Update(s => s with
        {
            State = KnownResourceStates.Running,
            ProcessId = process.Id,
            ExitCode = null,
            StartedAt = Context.Clock.GetUtcNow(),
        });

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watching = _runsOnce ? NoticeDelayAsync(ended.Token) : _probe.RunAsync(ended.Token);
        var exitCode = await process.Exited;
        await ended.CancelAsync();
        try
        {
            await watching;
        }
        catch (OperationCanceledException)
        {
            // There is nothing left to watch.
        }

        // Children that it left behind would hold its port.
        process.Kill();
        Context.Watch.Remove(process.Id);
        _process = null;
        return exitCode;
    }

    private async Task NoticeDelayAsync(CancellationToken ct)
    {
        var timeout = Context.Options.StartTimeout;
        await Task.Delay(timeout, Context.Clock, ct);
        Update(s => s with { IsLate = true, Reason = $"not finished after {timeout.TotalSeconds:0} s" });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

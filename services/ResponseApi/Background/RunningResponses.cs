using System.Collections.Concurrent;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Background;

/// <summary>The responses that run in this process, and a way to stop them.</summary>
internal sealed class RunningResponses(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, RunHandle> _runs = new();

    /// <summary>Every run, by its lease.</summary>
    public IReadOnlyCollection<RunHandle> All => [.. _runs.Values];

    /// <summary>Begins a run. It must be ended with <see cref="End"/>.</summary>
    public RunHandle Begin(Id<Response> response, Guid lease, TimeSpan timeout)
    {
        var run = new RunHandle(response, lease, timeout, clock);
        _runs[lease] = run;
        return run;
    }

    public void End(RunHandle run)
    {
        _runs.TryRemove(run.Lease, out _);
        run.Dispose();
    }

    /// <summary>Stops a response if it runs here.</summary>
    public void Stop(Guid response, StopReason reason)
    {
        foreach (var run in _runs.Values)
        {
            if (run.Id.Value == response)
            {
                run.Stop(reason);
            }
        }
    }
}

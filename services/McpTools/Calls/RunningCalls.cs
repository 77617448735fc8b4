using System.Collections.Concurrent;
using JanServer.Data.Connections;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Calls;

/// <summary>
/// The calls with idempotency keys that this process runs. They go on when their clients leave; this says that they live, and waits for
/// them when the process stops.
/// </summary>
internal sealed partial class RunningCalls(CallKeyStore keys, IOptions<CallOptions> options, ILogger<RunningCalls> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<Guid, Task> _runs = new();

    /// <summary>Keeps a run's lease until it ends.</summary>
    public void Add(Guid run, Task work)
    {
        _runs[run] = work;
        _ = work.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                _runs.TryRemove(run, out _);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>The work of a run, when it is one of this process.</summary>
    public Task? Find(Guid run) => _runs.GetValueOrDefault(run);

    /// <summary>Returns when all have ended or the host's patience has.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_runs.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (_runs.IsEmpty)
            {
                continue;
            }

            try
            {
                await keys.ExtendAsync([.. _runs.Keys], options.Value.Lease, stoppingToken);
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e))
            {
                Log.Missed(logger, _runs.Count, e.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not say that {Count} calls still run: {Failure}")]
        public static partial void Missed(ILogger logger, int count, string failure);
    }
}

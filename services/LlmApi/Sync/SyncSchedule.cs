using JanServer.Data.Connections;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Sync;

/// <summary>
/// Sees to it that one replica looks at the providers now and then, and the others only read what it found. The one that holds the lease
/// does it; a lease that is not renewed, because its holder was killed, is taken by the next. Should two believe to hold it for a moment,
/// they write the same: changes wait for each other and are idempotent.
/// </summary>
internal sealed partial class SyncSchedule(
    ProviderRegistry registry,
    ProviderSync sync,
    IServiceScopeFactory scopes,
    IConfiguration configuration,
    IOptions<ProvidersOptions> providers,
    IOptions<UpstreamOptions> options,
    TimeProvider clock,
    ILogger<SyncSchedule> logger) : BackgroundService
{
    private const string LeaseName = "provider-sync";

    // A provider that is down is asked sooner, so that a server that has just started is found soon.
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(2);

    private readonly Guid _holder = Guid.CreateVersion7();
    private readonly HashSet<Provider> _seen = [];
    private DateTimeOffset _nextRound;
    private DateTimeOffset _nextRetry;

    /// <summary>Whether this replica is the one that looks.</summary>
    public bool IsHolder { get; private set; }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        registry.Replace(ProviderSource.Configuration, ConfiguredProviders.Read(providers.Value, configuration));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var step = Shortest(options.Value.Lease / 3, options.Value.ReloadPeriod, options.Value.ListingPeriod);
        using var timer = new PeriodicTimer(step, clock);
        try
        {
            await RunAsync(timer, stoppingToken);
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async Task RunAsync(PeriodicTimer timer, CancellationToken ct)
    {
        do
        {
            try
            {
                if (await TakeLeaseAsync(ct) && Due() is { Count: > 0 } due)
                {
                    await RunAsync(due, ct);
                }
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e))
            {
                IsHolder = false;
                Log.Interrupted(logger);
            }
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    // The host is stopping, so its token says nothing any more; this must not hold it up either.
    private async Task ReleaseAsync()
    {
        if (!IsHolder)
        {
            return;
        }

        IsHolder = false;
        using var limit = new CancellationTokenSource(ReleaseTimeout, clock);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<LeaseStore>().ReleaseAsync(LeaseName, _holder, limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException || DatabaseFailure.IsOutage(e))
        {
            Log.NotReleased(logger);
        }
    }

    private async Task<bool> TakeLeaseAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var holds = await scope.ServiceProvider.GetRequiredService<LeaseStore>().TryTakeAsync(LeaseName, _holder, options.Value.Lease, ct);
        if (holds && !IsHolder)
        {
            // Whoever looked before may have left long ago.
            (_nextRound, _nextRetry) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
            _seen.Clear();
        }

        return IsHolder = holds;
    }

    // All of them when a round is due; between rounds those that are new or changed, and now and then those that are down.
    private List<Provider> Due()
    {
        var now = clock.GetUtcNow();
        var retries = now >= _nextRetry;
        _seen.IntersectWith(registry.Providers);
        return now >= _nextRound
            ? [.. registry.Providers]
            : [.. registry.Providers.Where(provider => !_seen.Contains(provider) || (retries && provider.Health == ProviderHealth.Unhealthy))];
    }

    private async Task RunAsync(List<Provider> due, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var isRound = now >= _nextRound;
        using var held = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var run = RunAsync(due, isRound, held.Token);
        try
        {
            while (!held.IsCancellationRequested && await Task.WhenAny(run, Task.Delay(options.Value.Lease / 3, clock, held.Token)) != run)
            {
                if (!ct.IsCancellationRequested && !await TakeLeaseAsync(ct))
                {
                    await held.CancelAsync();
                }
            }
        }
        finally
        {
            // Whatever ended the waiting, nothing is left running behind the schedule's back.
            await held.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!IsHolder)
        {
            // The lease went to another replica, which does it all again.
            return;
        }

        await run;
        _seen.UnionWith(due);
        _nextRetry = now + Shortest(LongestRetry, options.Value.ListingPeriod);
        _nextRound = isRound ? now + options.Value.ListingPeriod : _nextRound;
    }

    private async Task RunAsync(List<Provider> due, bool isRound, CancellationToken ct)
    {
        await sync.RunAsync(due, ct);
        if (isRound)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<SyncStore>().RetireOthersAsync([.. registry.Providers.Select(one => one.Settings.Key)], ct);
        }
    }

    private static TimeSpan Shortest(params ReadOnlySpan<TimeSpan> times)
    {
        var shortest = times[0];
        foreach (var time in times)
        {
            shortest = time < shortest ? time : shortest;
        }

        return shortest;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Looking at the providers was interrupted, because the database cannot be reached; it goes on later")]
        public static partial void Interrupted(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The lease could not be given back; another replica takes it when it has run out")]
        public static partial void NotReleased(ILogger logger);
    }
}

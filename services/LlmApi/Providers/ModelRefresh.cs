using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>Keeps the catalog current: reads the configured providers at start and asks every provider for its models now and then.</summary>
internal sealed partial class ModelRefresh(
    ProviderRegistry registry,
    ModelListing listing,
    IConfiguration configuration,
    IOptions<ProvidersOptions> providers,
    IOptions<UpstreamOptions> options,
    TimeProvider clock,
    ILogger<ModelRefresh> logger) : BackgroundService
{
    // A provider that is down is asked sooner, so that a server that has just started is found soon.
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _wanted = new(0);

    /// <summary>Asks for a refresh soon, because the providers have changed.</summary>
    public void Hurry() => _wanted.Release();

    /// <summary>Lists one provider's models now. Its health is known afterwards.</summary>
    public async Task RefreshAsync(Provider provider, CancellationToken ct)
    {
        if (provider.Settings.Models.Count > 0)
        {
            return;
        }

        var (models, problem) = await listing.ReadAsync(provider, null, ct);
        if (models is not null)
        {
            registry.Listed(provider, models);
            return;
        }

        if (provider.Health != ProviderHealth.Unhealthy)
        {
            Log.ListingFailed(logger, provider.Settings.Name, problem!);
        }

        registry.Lost(provider, problem!);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        registry.Replace(ProviderSource.Configuration, ConfiguredProviders.Read(providers.Value, configuration));
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Engines are listed by their discovery.
            var listed = registry.Providers.Where(provider => provider.Settings.Source != ProviderSource.Engine).ToList();
            await Task.WhenAll(listed.Select(provider => RefreshAsync(provider, stoppingToken)));
            var isComplete = listed.TrueForAll(provider => provider.Health != ProviderHealth.Unhealthy);
            await PauseAsync(isComplete || options.Value.ListingPeriod < LongestRetry ? options.Value.ListingPeriod : LongestRetry, stoppingToken);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var timeout = Task.Delay(pause, clock, limit.Token);
        var wanted = _wanted.WaitAsync(limit.Token);
        await Task.WhenAny(timeout, wanted);
        await limit.CancelAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The models of provider {Provider} are not known: {Problem}")]
        public static partial void ListingFailed(ILogger logger, string provider, string problem);
    }
}

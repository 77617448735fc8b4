using System.ComponentModel.DataAnnotations;
using JanServer.LlmApi.Upstreams;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Providers;

/// <summary>Whether and where engines of this machine are looked for. Bound from <c>EngineDiscovery</c>.</summary>
public sealed class EngineDiscoveryOptions
{
    /// <summary>Whether to look; the AppHost's local mode says so.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// Where to look, as <c>name=url</c>. Empty for the usual places: Ollama, LM Studio, Jan, llama-server and vLLM on the loopback. Ports of
    /// JanServer itself have no place here: a server that found itself would ask itself.
    /// </summary>
    public List<string> Places { get; } = [];

    /// <summary>How often to look.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an engine may take to list its models.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);
}

[OptionsValidator]
internal sealed partial class EngineDiscoveryOptionsValidator : IValidateOptions<EngineDiscoveryOptions>;

/// <summary>Finds engines that run on this machine and offers their models while they live.</summary>
internal sealed partial class EngineDiscovery(
    ProviderRegistry registry,
    ModelListing listing,
    IOptions<EngineDiscoveryOptions> options,
    IOptions<UpstreamOptions> upstreams,
    TimeProvider clock,
    ILogger<EngineDiscovery> logger) : BackgroundService
{
    private const int Priority = 1000;

    private static readonly string[] UsualPlaces =
    [
        "ollama=http://127.0.0.1:11434",
        "lm-studio=http://127.0.0.1:1234",
        "jan-desktop=http://127.0.0.1:1337",
        "llama-server=http://127.0.0.1:8081",
        "vllm=http://127.0.0.1:8001",
    ];

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        var places = (options.Value.Places.Count > 0 ? options.Value.Places : [.. UsualPlaces])
            .Select(Engine).OfType<ProviderSettings>()
            .Select(settings => new Provider(settings, () => new(clock, upstreams.Value.BreakerPause)))
            .ToList();
        using var timer = new PeriodicTimer(options.Value.Period, clock);
        do
        {
            await LookAsync(places, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(List<Provider> places, CancellationToken ct)
    {
        var found = await Task.WhenAll(places.Select(place => listing.ReadAsync(place, place.Endpoints[0], options.Value.Timeout, ct)));
        var alive = places.Zip(found).Where(pair => pair.Second.Models is not null).ToList();
        foreach (var added in registry.Replace(ProviderSource.Engine, [.. alive.Select(pair => pair.First.Settings)]))
        {
            Log.Found(logger, added.Settings.Name, added.Settings.BaseUrl);
        }

        foreach (var (place, (models, _)) in alive)
        {
            if (registry.Providers.FirstOrDefault(one => one.Settings.Key == place.Settings.Key) is { } provider)
            {
                registry.Listed(provider, models!);
            }
        }
    }

    private static ProviderSettings? Engine(string place)
    {
        var equals = place.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && BaseUrls.TryParse(place[(equals + 1)..], out var url)
            ? new($"engine:{url}", place[..equals], url, null, ProviderKind.Engine, Priority, AnswerTimeout, ProviderSource.Engine)
            : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Found the engine {Engine} at {Url}")]
        public static partial void Found(ILogger logger, string engine, Uri url);
    }
}

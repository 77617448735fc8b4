using System.Collections.Concurrent;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Requests;

namespace JanServer.LlmApi.Upstreams;

internal enum ProviderHealth
{
    Unknown,
    Healthy,
    Unhealthy,
}

/// <summary>One address of a provider in use: its URLs, its circuit, its health and its load.</summary>
internal sealed class UpstreamEndpoint
{
    private readonly ConcurrentDictionary<(Operation Operation, string Deployment), Uri>? _deployments;
    private readonly string? _apiVersion;
    private readonly Uri _chat;
    private readonly Uri _completions;
    private readonly Uri _embeddings;
    private readonly Uri _images;
    private readonly Uri _imageEdits;
    private int _inFlight;

    public UpstreamEndpoint(EndpointSettings settings, ProviderSettings provider, CircuitBreaker breaker)
    {
        (Settings, Breaker) = (settings, breaker);
        _chat = new(settings.Url, PathOf(Operation.Chat));
        _completions = new(settings.Url, PathOf(Operation.Completion));
        _embeddings = new(settings.Url, PathOf(Operation.Embedding));
        _images = new(settings.Url, PathOf(Operation.Image));
        _imageEdits = new(settings.Url, PathOf(Operation.ImageEdit));
        ModelsUrl = new(settings.Url, "models");
        if (provider is { Kind: ProviderKind.Azure, ApiVersion: { } version })
        {
            _apiVersion = Uri.EscapeDataString(version);
            _deployments = new();
            ModelsUrl = new(settings.Url, $"/openai/models?api-version={_apiVersion}");
        }
    }

    public EndpointSettings Settings { get; }

    public CircuitBreaker Breaker { get; }

    public Uri ModelsUrl { get; }

    public ProviderHealth Health { get; private set; }

    /// <summary>Why it is unhealthy, for administrators.</summary>
    public string? Problem { get; private set; }

    /// <summary>How many requests are under way through this process.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The turn it has saved up; the balancer's alone.</summary>
    internal long Credit { get; set; }

    /// <summary>Where an operation of a model is asked for.</summary>
    public Uri UrlOf(Operation operation, string upstreamId) => _deployments is null
        ? operation switch
        {
            Operation.Chat => _chat,
            Operation.Completion => _completions,
            Operation.Image => _images,
            Operation.ImageEdit => _imageEdits,
            _ => _embeddings,
        }
        : _deployments.GetOrAdd((operation, upstreamId), static (key, endpoint) => endpoint.DeploymentUrl(key.Operation, key.Deployment), this);

    public void Began() => Interlocked.Increment(ref _inFlight);

    public void Ended() => Interlocked.Decrement(ref _inFlight);

    public void Found() => (Health, Problem) = (ProviderHealth.Healthy, null);

    public void Lost(string? problem) => (Health, Problem) = (ProviderHealth.Unhealthy, problem);

    // The path below /openai is Azure's; whatever the base URL had there (/v1, /openai) gives way.
    private Uri DeploymentUrl(Operation operation, string deployment) =>
        new(Settings.Url, $"/openai/deployments/{Uri.EscapeDataString(deployment)}/{PathOf(operation)}?api-version={_apiVersion}");

    private static string PathOf(Operation operation) => operation switch
    {
        Operation.Chat => "chat/completions",
        Operation.Completion => "completions",
        Operation.Image => "images/generations",
        Operation.ImageEdit => "images/edits",
        _ => "embeddings",
    };
}

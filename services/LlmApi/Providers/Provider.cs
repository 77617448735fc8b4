using System.Net.Http.Headers;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Providers;

internal enum ProviderHealth
{
    Unknown,
    Healthy,
    Unhealthy,
}

/// <summary>A provider in use: its settings and what is known about it. Lives as long as its settings stay the same.</summary>
internal sealed class Provider(ProviderSettings settings, CircuitBreaker breaker)
{
    private readonly Uri _chat = new(settings.BaseUrl, "chat/completions");
    private readonly Uri _completions = new(settings.BaseUrl, "completions");
    private readonly Uri _embeddings = new(settings.BaseUrl, "embeddings");
    private readonly AuthenticationHeaderValue? _bearer =
        settings is { ApiKey: { Length: > 0 } key, Kind: not ProviderKind.Azure } ? new("Bearer", key) : null;

    public ProviderSettings Settings => settings;

    public CircuitBreaker Breaker => breaker;

    public Uri ModelsUrl { get; } = new(settings.BaseUrl, "models");

    /// <summary>The models as last listed; a failing listing keeps them.</summary>
    public IReadOnlyList<OfferedModel> Listed { get; private set; } = [];

    public ProviderHealth Health { get; private set; }

    /// <summary>Why the provider is unhealthy, for administrators.</summary>
    public string? Problem { get; private set; }

    public IReadOnlyList<OfferedModel> Offered => settings.Models.Count > 0 ? settings.Models : Listed;

    public Uri UrlOf(Operation operation) => operation switch
    {
        Operation.Chat => _chat,
        Operation.Completion => _completions,
        _ => _embeddings,
    };

    public void Authorize(HttpRequestMessage request)
    {
        if (_bearer is not null)
        {
            request.Headers.Authorization = _bearer;
        }
        else if (settings is { ApiKey: { Length: > 0 } key })
        {
            request.Headers.TryAddWithoutValidation("api-key", key);
        }
    }

    public void Found(IReadOnlyList<OfferedModel> models) => (Listed, Health, Problem) = (models, ProviderHealth.Healthy, null);

    public void Lost(string problem) => (Health, Problem) = (ProviderHealth.Unhealthy, problem);
}

using System.Net.Http.Headers;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Providers;

/// <summary>A provider in use: its settings, its endpoints and what is known about them. Lives as long as its settings stay the same.</summary>
internal sealed class Provider
{
    private const string AnthropicVersion = "2023-06-01";

    private readonly AuthenticationHeaderValue? _bearer;
    private readonly string? _keyHeader;
    private readonly EndpointBalancer _balancer;

    public Provider(ProviderSettings settings, Func<CircuitBreaker> breaker)
    {
        Settings = settings;
        Endpoints = [.. settings.Endpoints.Take(EndpointBalancer.MaxEndpoints).Select(one => new UpstreamEndpoint(one, settings, breaker()))];
        _balancer = new(Endpoints, settings.LoadBalancing);
        if (HasKey)
        {
            _keyHeader = settings.Kind switch
            {
                ProviderKind.Azure => "api-key",
                ProviderKind.Anthropic => "X-API-Key",
                _ => null,
            };
            _bearer = _keyHeader is null ? new("Bearer", settings.ApiKey) : null;
        }
    }

    public ProviderSettings Settings { get; }

    public IReadOnlyList<UpstreamEndpoint> Endpoints { get; }

    /// <summary>The models as an engine last listed them; a failing listing keeps them.</summary>
    public IReadOnlyList<ListedModel> Listed { get; private set; } = [];

    /// <summary>Whether a credential is sent; <c>none</c> is how some say that there is none.</summary>
    public bool HasKey => !string.IsNullOrWhiteSpace(Settings.ApiKey) && !string.Equals(Settings.ApiKey, "none", StringComparison.OrdinalIgnoreCase);

    /// <summary>The best of its endpoints'.</summary>
    public ProviderHealth Health => Endpoints.Any(one => one.Health == ProviderHealth.Healthy) ? ProviderHealth.Healthy
        : Endpoints.All(one => one.Health == ProviderHealth.Unhealthy) ? ProviderHealth.Unhealthy
        : ProviderHealth.Unknown;

    /// <summary>The best of its endpoints'.</summary>
    public CircuitState Circuit => Endpoints.Min(one => one.Breaker.State switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    }) switch
    {
        0 => CircuitState.Closed,
        1 => CircuitState.HalfOpen,
        _ => CircuitState.Open,
    };

    /// <summary>Why the provider is unhealthy, for administrators.</summary>
    public string? Problem => Health == ProviderHealth.Unhealthy ? Endpoints[0].Problem : null;

    /// <summary>The position of the endpoint to ask next; -1 when all are in <paramref name="tried"/>.</summary>
    public int NextEndpoint(uint tried) => _balancer.Next(tried);

    public void Authorize(HttpRequestMessage request)
    {
        if (_bearer is not null)
        {
            request.Headers.Authorization = _bearer;
        }
        else if (_keyHeader is not null)
        {
            request.Headers.TryAddWithoutValidation(_keyHeader, Settings.ApiKey);
        }

        if (Settings.Kind == ProviderKind.Anthropic)
        {
            request.Headers.TryAddWithoutValidation("anthropic-version", AnthropicVersion);
        }
    }

    /// <summary>An engine listed its models.</summary>
    public void Found(IReadOnlyList<ListedModel> models)
    {
        Listed = models;
        foreach (var endpoint in Endpoints)
        {
            endpoint.Found();
        }
    }
}

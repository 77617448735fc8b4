using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Upstreams;
using JanServer.Testing;

namespace JanServer.LlmApi.Tests.Upstreams;

public class EndpointBalancerTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Endpoints_are_used_in_proportion_to_their_weights_over_any_stretch()
    {
        var provider = Provider(LoadBalancing.Weighted, (3, 0), (1, 0));
        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0], Enumerable.Range(0, 8).Select(_ => provider.NextEndpoint(0)));
    }

    [Fact]
    public void The_least_loaded_endpoint_for_its_weight_is_next()
    {
        var provider = Provider(LoadBalancing.LeastLoaded, (2, 0), (1, 0));
        Begin(provider, 0);
        Assert.Equal(1, provider.NextEndpoint(0));
        Begin(provider, 1);
        Assert.Equal(0, provider.NextEndpoint(0));
        provider.Endpoints[1].Ended();
        Assert.Equal(1, provider.NextEndpoint(0));
    }

    [Fact]
    public void Equally_loaded_endpoints_take_turns()
    {
        var provider = Provider(LoadBalancing.LeastLoaded, (1, 0), (1, 0));
        Assert.Equal([0, 1, 0, 1], Enumerable.Range(0, 4).Select(_ => provider.NextEndpoint(0)));
    }

    [Fact]
    public void A_lower_priority_is_used_only_when_those_before_it_are_not_well()
    {
        var provider = Provider(LoadBalancing.Weighted, (1, 0), (100, 1));
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal(0, provider.NextEndpoint(0)));
        provider.Endpoints[0].Lost("down");
        Assert.Equal(1, provider.NextEndpoint(0));
        provider.Endpoints[0].Found();
        Assert.Equal(0, provider.NextEndpoint(0));
    }

    [Fact]
    public void One_with_an_open_circuit_comes_last_until_its_pause_is_over()
    {
        var provider = Provider(LoadBalancing.Weighted, (1, 0), (1, 1));
        for (var i = 0; i < CircuitBreaker.Threshold; i++)
        {
            provider.Endpoints[0].Breaker.Failed();
        }

        Assert.Equal(1, provider.NextEndpoint(0));
        Assert.Equal(0, provider.NextEndpoint(0b10));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, provider.NextEndpoint(0));
    }

    [Fact]
    public void Each_is_tried_once()
    {
        var provider = Provider(LoadBalancing.Weighted, (1, 0), (1, 0));
        Assert.Equal(1, provider.NextEndpoint(0b01));
        Assert.Equal(-1, provider.NextEndpoint(0b11));
        Assert.Equal(-1, Provider(LoadBalancing.Weighted, (1, 0)).NextEndpoint(1));
    }

    private static void Begin(Provider provider, int endpoint) => provider.Endpoints[endpoint].Began();

    private Provider Provider(LoadBalancing balancing, params (int Weight, int Priority)[] endpoints)
    {
        var url = new Uri("http://127.0.0.1:1/v1/");
        var settings = new ProviderSettings("config:x", "x", url, null, ProviderKind.OpenAi, 0, TimeSpan.FromSeconds(1), ProviderSource.Configuration)
        {
            Endpoints = [.. endpoints.Select((one, i) => new EndpointSettings(new($"http://127.0.0.1:{i + 1}/v1/"), one.Weight, one.Priority))],
            LoadBalancing = balancing,
        };
        return new(settings, () => new(_clock, TimeSpan.FromSeconds(10)));
    }
}

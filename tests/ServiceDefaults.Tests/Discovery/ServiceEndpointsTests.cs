using JanServer.ServiceDefaults.Discovery;
using Microsoft.Extensions.Configuration;

namespace JanServer.ServiceDefaults.Tests.Discovery;

public sealed class ServiceEndpointsTests
{
    [Theory]
    [InlineData("http://accounts/internal/x?y=1", "http://10.0.0.1:8180/internal/x?y=1")]
    [InlineData("http://ACCOUNTS/", "http://10.0.0.1:8180/")]
    [InlineData("https+http://accounts/", "https://10.0.0.1:8443/")]
    [InlineData("http+https://accounts/", "http://10.0.0.1:8180/")]
    [InlineData("https+http://plain/", "http://10.0.0.2:80/")]
    [InlineData("http://_metrics.accounts/scrape", "http://10.0.0.1:9000/scrape")]
    [InlineData("https+http://_mixed.accounts/", "https://10.0.0.1:1/")]
    [InlineData("http://named/v1", "http://10.0.0.3:1/v1")]
    [InlineData("http://based/v1", "http://10.0.0.4/prefix/v1")]
    [InlineData("http://schemeless/v1", "http://10.0.0.5:7/v1")]
    public void A_service_is_found_by_name_and_scheme(string address, string expected)
    {
        using var endpoints = With(
            ("services:accounts:http:0", "http://10.0.0.1:8180"),
            ("services:accounts:https:0", "https://10.0.0.1:8443"),
            ("services:accounts:metrics:0", "http://10.0.0.1:9000"),
            ("services:accounts:mixed:0", "http://10.0.0.1:2"),
            ("services:accounts:mixed:1", "https://10.0.0.1:1"),
            ("services:plain:http:0", "http://10.0.0.2:80"),
            ("services:named:default:0", "http://10.0.0.3:1"),
            ("services:named:http:0", "http://10.0.0.3:2"),
            ("services:based:http", "http://10.0.0.4/prefix/"),
            ("services:schemeless:http:0", "10.0.0.5:7"));

        Assert.Equal(new Uri(expected), endpoints.Next(new Uri(address)));
    }

    [Theory]
    [InlineData("http://accounts/x", "http://accounts/x")]
    [InlineData("https://api.example.org:8443/v1", "https://api.example.org:8443/v1")]
    [InlineData("https+http://accounts/x", "https://accounts/x")]
    public void A_name_that_is_not_configured_is_left_to_DNS(string address, string expected)
    {
        using var endpoints = With(("services:other:http:0", "http://10.0.0.1"));

        Assert.Equal(new Uri(expected), endpoints.Next(new Uri(address)));
        Assert.Equal([new Uri(expected)], endpoints.All(new Uri(address)));
    }

    [Fact]
    public void Replicas_take_turns()
    {
        using var endpoints = With(("services:llm-api:http:0", "http://10.0.0.1"), ("services:llm-api:http:1", "http://10.0.0.2"));
        var address = new Uri("http://llm-api/");

        var turns = Enumerable.Range(0, 4).Select(_ => endpoints.Next(address).Host);

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.2"], turns);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], endpoints.All(address).Select(endpoint => endpoint.Host));
    }

    [Fact]
    public void A_change_of_the_configuration_applies_at_once()
    {
        var configuration = new ConfigurationManager { ["services:accounts:http:0"] = "http://10.0.0.1" };
        using var endpoints = new ServiceEndpoints(configuration);
        var address = new Uri("http://accounts/");
        Assert.Equal("10.0.0.1", endpoints.Next(address).Host);

        configuration["services:accounts:http:0"] = "http://10.0.0.9";
        ((IConfigurationRoot)configuration).Reload();

        Assert.Equal("10.0.0.9", endpoints.Next(address).Host);
    }

    private static ServiceEndpoints With(params (string Key, string Value)[] settings) =>
        new(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value))
            .Build());
}

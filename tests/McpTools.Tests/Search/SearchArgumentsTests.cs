using System.Text.Json;
using JanServer.McpTools.Search;
using JanServer.McpTools.Search.Providers;
using Microsoft.Extensions.Configuration;

namespace JanServer.McpTools.Tests.Search;

public sealed class SearchArgumentsTests
{
    [Theory]
    [InlineData("""{}""", "'q'")]
    [InlineData("""{"q":"  "}""", "'q'")]
    [InlineData("""{"q":"x","tbs":"qdr:z"}""", "'tbs'")]
    [InlineData("""{"q":"x","tbs":"cdr:1,cd_min:1/1/2020"}""", "'tbs'")]
    [InlineData("""{"q":"x","gl":"usa"}""", "'gl'")]
    [InlineData("""{"q":"x","hl":"en us"}""", "'hl'")]
    [InlineData("""{"q":"x","num":0}""", "'num'")]
    [InlineData("""{"q":"x","num":101}""", "'num'")]
    [InlineData("""{"q":"x","num":2.5}""", "'num'")]
    [InlineData("""{"q":"x","page":1e99}""", "'page'")]
    [InlineData("""{"q":"x","domain_allow_list":["!!!"]}""", "'domain_allow_list'")]
    [InlineData("""{"q":"x","domain_block_list":[1]}""", "'domain_block_list'")]
    public void What_is_wrong_is_named(string arguments, string named)
    {
        var (query, error) = Read(arguments);

        Assert.Null(query);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_is_as_good_as_nothing()
    {
        var (query, _) = Read("""{"q":" x ","tbs":null,"gl":null,"num":null,"page":null,"autocorrect":null,"domain_allow_list":null}""");

        Assert.Equal("x", query!.Text);
        Assert.Equal(10, query.Wanted);
        Assert.True(query.Autocorrect);
        Assert.Empty(query.Allow);
    }

    [Fact]
    public void The_location_is_the_callers_else_a_hint()
    {
        var options = new SearchOptions { LocationHint = "Bonn" };

        Assert.Equal("Bonn", Read("""{"q":"x"}""", options).Query!.Location);
        Assert.Equal("Ulm", Read("""{"q":"x","location_hint":"Ulm"}""", options).Query!.Location);
        Assert.Equal("Kiel", Read("""{"q":"x","location":"Kiel","location_hint":"Ulm"}""", options).Query!.Location);
    }

    [Theory]
    [InlineData("Example.COM", "example.com")]
    [InlineData("https://www.example.com/a/b?c", "example.com")]
    [InlineData("example.com # a comment", "example.com")]
    [InlineData("*.example.com", "example.com")]
    [InlineData("example.com:8080", "example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("exa mple.com", null)]
    [InlineData("# only a comment", null)]
    [InlineData("site:x OR evil", "site")]
    public void Domains_are_cleaned(string entry, string? domain) =>
        Assert.Equal(domain is null ? [] : [domain], DomainList.Clean([entry]));

    [Fact]
    public void The_reference_names_are_read_and_ours_win()
    {
        var options = new ProviderOptions();
        ProviderSettings.Apply(options, Configuration(
            ("SERPER_API_KEY", " key "), ("SERPER_HTTP_TIMEOUT", "7"), ("EXA_TIMEOUT", "12s"), ("EXA_SEARCH_ENDPOINT", "https://exa.example/v2/search"),
            ("TAVILY_SEARCH_ENDPOINT", "https://tavily.example/search"), ("TAVILY_ENABLED", "false"), ("TAVILY_API_KEY", "k"), ("SERPER_RETRY_MAX_ATTEMPTS", "5"),
            ("SEARXNG_URL", "http://searxng:8080"), ("SEARXNG_ENABLED", "true")));

        Assert.Equal("key", options.Serper.ApiKey);
        Assert.Equal(7, options.Serper.TimeoutSeconds);
        Assert.Equal(12, options.Exa.TimeoutSeconds);
        Assert.Equal("https://exa.example/v2/contents", options.Exa.ScrapeUrl!.AbsoluteUri);
        Assert.Equal("https://tavily.example/extract", options.Tavily.ScrapeUrl!.AbsoluteUri);
        Assert.False(options.Tavily.IsConfigured);
        Assert.Equal(4, options.Retries);
        Assert.Equal("http://searxng:8080/", options.Searxng.Url!.AbsoluteUri);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value)).Build();

    private static (SearchQuery? Query, string? Error) Read(string arguments, SearchOptions? options = null)
    {
        using var document = JsonDocument.Parse(arguments);
        return SearchArguments.Read(document.RootElement, options ?? new());
    }
}

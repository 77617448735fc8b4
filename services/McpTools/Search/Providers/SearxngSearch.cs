using System.Globalization;
using System.Text.Json;
using JanServer.ServiceDefaults.Discovery;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search.Providers;

/// <summary>
/// A SearXNG of our own: <c>GET /search?format=json</c>, which its settings must allow (<c>search.formats</c>), else it answers 403.
/// Which of its engines answered (<c>unresponsive_engines</c>, pairs) matters only when nothing was found, and <c>answers</c> are text or objects.
/// </summary>
internal sealed class SearxngSearch(
    ProviderClient client, ServiceEndpoints endpoints, IConfiguration configuration, IOptions<ProviderOptions> options) : ISearchProvider
{
    private static readonly Uri Resource = new("https+http://searxng");

    private readonly SearxngInstance _instance = options.Value.Searxng;

    public string Name => ProviderNames.Searxng;

    public bool IsConfigured => _instance.Enabled != false && (_instance.Url is not null || configuration.GetSection("services:searxng").Exists());

    public async Task<(SearchPage? Page, ProviderFailure? Failure)> SearchAsync(SearchQuery query, TimeSpan budget, CancellationToken ct)
    {
        var answer = await client.AskAsync(
            new(Name, "search", TimeSpan.FromSeconds(_instance.TimeoutSeconds), budget, () => new(HttpMethod.Get, Address(query))), ct);
        if (answer.Failure?.Status == StatusCodes.Status403Forbidden)
        {
            return (null, answer.Failure with { Detail = "refused (status 403): its settings must have 'json' among search.formats" });
        }

        return answer.Json is { } found && HasNothingBecauseOfItsEngines(found)
            ? (null, new(ProviderFailureReason.Failed) { Detail = "got no answer from its engines" })
            : SearchPage.Of(query, answer, Hits, json => query.Allow.Count + query.Block.Count == 0 ? DirectAnswer(json) : null);
    }

    /// <summary>An empty list is no finding when engines are missing from it.</summary>
    private static bool HasNothingBecauseOfItsEngines(JsonElement json) => !json.Items("results").Any() && json.Items("unresponsive_engines").Any();

    private Uri Address(SearchQuery query)
    {
        var parameters = new QueryBuilder
        {
            { "q", _instance.SiteOperators ? query.WithSiteOperators() : query.Text },
            { "format", "json" },
            { "safesearch", "1" },
            { "pageno", (query.Page ?? 1).ToString(CultureInfo.InvariantCulture) },
        };
        if (Language(query) is { } language)
        {
            parameters.Add("language", language);
        }

        if (query.Recency is { } recency)
        {
            parameters.Add("time_range", recency switch { 'w' => "week", 'm' => "month", 'y' => "year", _ => "day" });
        }

        var root = _instance.Url ?? endpoints.Next(Resource);
        return new UriBuilder(root) { Path = root.AbsolutePath.TrimEnd('/') + "/search", Query = parameters.ToString() }.Uri;
    }

    private static string? Language(SearchQuery query) => query.Language switch
    {
        null => null,
        var language when language.Split('-') is [var name, var region] => $"{name}-{region.ToUpperInvariant()}",
        var language when query.Country is { } country => $"{language}-{country.ToUpperInvariant()}",
        var language => language,
    };

    private static IEnumerable<SearchHit> Hits(JsonElement json) =>
        json.Items("results").Select(item => new SearchHit(
            item.Text("title") ?? "", item.Text("url") ?? "", item.Text("content"), item.Text("publishedDate") ?? item.Text("pubdate")));

    private static string? DirectAnswer(JsonElement json) =>
        json.Items("answers")
            .Select(answer => answer.ValueKind == JsonValueKind.String ? answer.GetString() : answer.Text("answer"))
            .FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
}

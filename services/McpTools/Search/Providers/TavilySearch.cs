using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search.Providers;

/// <summary>tavily.com: <c>POST /search</c> with a bearer key. It gives up to 20 results and no further pages.</summary>
internal sealed class TavilySearch(ProviderClient client, IOptions<ProviderOptions> options) : ISearchProvider
{
    private const int Most = 20;

    private readonly ProviderAccount _account = options.Value.Tavily;

    public string Name => ProviderNames.Tavily;

    public bool IsConfigured => _account.IsConfigured;

    public async Task<(SearchPage? Page, ProviderFailure? Failure)> SearchAsync(SearchQuery query, TimeSpan budget, CancellationToken ct)
    {
        if (query.Skipped >= Most)
        {
            return (null, new(ProviderFailureReason.Unsupported) { Detail = $"gives no more than {Most} results" });
        }

        var answer = await client.AskAsync(
            new(Name, "search", _account.Timeout, budget,
                () => ProviderRequests.PostJson(_account.SearchUrl!, Body(query)).With("Authorization", $"Bearer {_account.ApiKey}")), ct);
        return SearchPage.Of(query, answer, json => Hits(json).Skip(query.Skipped));
    }

    private static JsonObject Body(SearchQuery query)
    {
        var body = new JsonObject
        {
            ["query"] = query.Text,
            ["search_depth"] = "basic",
            ["topic"] = "general",
            ["max_results"] = Math.Min(query.Skipped + query.Wanted, Most),
            ["include_answer"] = false,
            ["include_raw_content"] = false,
        };
        if (query.Allow.Count > 0)
        {
            body["include_domains"] = query.Allow.ToJsonArray();
        }

        if (query.Block.Count > 0)
        {
            body["exclude_domains"] = query.Block.ToJsonArray();
        }

        if (query.Recency is { } recency)
        {
            body["time_range"] = recency switch { 'w' => "week", 'm' => "month", 'y' => "year", _ => "day" };
        }

        return body;
    }

    private static IEnumerable<SearchHit> Hits(JsonElement json) =>
        json.Items("results").Select(item => new SearchHit(
            item.Text("title") ?? "", item.Text("url") ?? "", item.Text("content") ?? item.Text("raw_content"), item.Text("published_date")));
}

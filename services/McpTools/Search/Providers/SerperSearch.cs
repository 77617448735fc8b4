using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search.Providers;

/// <summary>Google's results by serper.dev: <c>POST /search</c>, key in <c>X-API-KEY</c>.</summary>
internal sealed class SerperSearch(ProviderClient client, IOptions<ProviderOptions> options) : ISearchProvider
{
    private readonly ProviderAccount _account = options.Value.Serper;

    public string Name => ProviderNames.Serper;

    public bool IsConfigured => _account.IsConfigured;

    public async Task<(SearchPage? Page, ProviderFailure? Failure)> SearchAsync(SearchQuery query, TimeSpan budget, CancellationToken ct)
    {
        var answer = await client.AskAsync(
            new(Name, "search", _account.Timeout, budget,
                () => ProviderRequests.PostJson(_account.SearchUrl!, Body(query)).With("X-API-KEY", _account.ApiKey!)), ct);
        return SearchPage.Of(query, answer, Hits, json => DirectAnswer(query, json));
    }

    private static JsonObject Body(SearchQuery query)
    {
        var body = new JsonObject { ["q"] = query.WithSiteOperators(), ["autocorrect"] = query.Autocorrect };
        Add(body, "gl", query.Country);
        Add(body, "hl", query.Language);
        Add(body, "location", query.Location);
        Add(body, "tbs", query.Tbs);
        if (query.Count is { } count)
        {
            body["num"] = count;
        }

        if (query.Page is { } page)
        {
            body["page"] = page;
        }

        return body;
    }

    private static void Add(JsonObject body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }

    private static IEnumerable<SearchHit> Hits(JsonElement json) =>
        json.Items("organic").Select(item => new SearchHit(
            item.Text("title") ?? "", item.Text("link") ?? "", item.Text("snippet"), item.Text("date")));

    // Its source may be one that the lists keep out.
    private static string? DirectAnswer(SearchQuery query, JsonElement json) =>
        json.Field("answerBox") is { } box && (query.Allow.Count + query.Block.Count == 0 || query.Admits(box.Text("link") ?? ""))
            ? box.Text("answer") ?? box.Text("snippet")
            : null;
}

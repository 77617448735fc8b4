using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Search.Providers;

/// <summary>
/// exa.ai: <c>POST /search</c>, key in <c>x-api-key</c>, camelCase fields. A neural engine: no operators, no further pages, up to 100 results.
/// </summary>
internal sealed class ExaSearch(ProviderClient client, IOptions<ProviderOptions> options, TimeProvider clock) : ISearchProvider
{
    private const int Most = 100;
    private const int SnippetChars = 1000;

    private readonly ProviderAccount _account = options.Value.Exa;

    public string Name => ProviderNames.Exa;

    public bool IsConfigured => _account.IsConfigured;

    public async Task<(SearchPage? Page, ProviderFailure? Failure)> SearchAsync(SearchQuery query, TimeSpan budget, CancellationToken ct)
    {
        if (query.Skipped >= Most)
        {
            return (null, new(ProviderFailureReason.Unsupported) { Detail = $"gives no more than {Most} results" });
        }

        var answer = await client.AskAsync(
            new(Name, "search", _account.Timeout, budget,
                () => ProviderRequests.PostJson(_account.SearchUrl!, Body(query)).With("x-api-key", _account.ApiKey!)), ct);
        return SearchPage.Of(query, answer, json => Hits(json).Skip(query.Skipped));
    }

    private JsonObject Body(SearchQuery query)
    {
        var body = new JsonObject
        {
            ["query"] = query.Text,
            ["type"] = "auto",
            ["numResults"] = Math.Min(query.Skipped + query.Wanted, Most),
            ["contents"] = new JsonObject { ["text"] = new JsonObject { ["maxCharacters"] = SnippetChars } },
        };
        if (query.Allow.Count > 0)
        {
            body["includeDomains"] = query.Allow.ToJsonArray();
        }

        if (query.Block.Count > 0)
        {
            body["excludeDomains"] = query.Block.ToJsonArray();
        }

        if (query.Country is { } country)
        {
            body["userLocation"] = country.ToUpperInvariant();
        }

        if (query.Recency is { } recency)
        {
            body["startPublishedDate"] = Since(recency).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        }

        return body;
    }

    private DateTimeOffset Since(char recency)
    {
        var now = clock.GetUtcNow();
        return recency switch
        {
            'h' => now.AddHours(-1),
            'd' => now.AddDays(-1),
            'w' => now.AddDays(-7),
            'm' => now.AddMonths(-1),
            _ => now.AddYears(-1),
        };
    }

    private static IEnumerable<SearchHit> Hits(JsonElement json) =>
        json.Items("results").Select(item => new SearchHit(
            item.Text("title") ?? item.Text("url") ?? "",
            item.Text("url") ?? item.Text("id") ?? "",
            item.Text("text") ?? item.Text("summary") ?? Highlights(item),
            item.Text("publishedDate")));

    private static string? Highlights(JsonElement item)
    {
        var parts = item.Items("highlights").Where(part => part.ValueKind == JsonValueKind.String).Select(part => part.GetString());
        var highlights = string.Join(" … ", parts);
        return highlights.Length > 0 ? highlights : null;
    }
}

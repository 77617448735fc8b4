using JanServer.McpTools.Search.Providers;
using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Search;

/// <summary><c>google_search</c>: the web, by whoever is configured.</summary>
internal sealed class SearchTool(
    SearchChain chain, AnswerCache cache, ProviderMetrics metrics, IOptions<SearchOptions> options, TimeProvider clock) : ITool
{
    private const string Operation = "search";
    private const int MaxTitleChars = 500;

    private const string NotConfigured =
        "no search provider is configured. The operator must set one of Providers:Serper:ApiKey (SERPER_API_KEY), "
        + "Providers:Tavily:ApiKey (TAVILY_API_KEY), Providers:Exa:ApiKey (EXA_API_KEY) or Providers:Searxng:Url (SEARXNG_URL).";

    public Tool Definition { get; } = SearchDefinition.Create();

    public string? Unavailable => chain.Providers.Count == 0 ? NotConfigured : null;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var (query, error) = SearchArguments.Read(call.Arguments, options.Value);
        if (query is null)
        {
            return ToolResults.Error(error!);
        }

        var (answer, failure) = await AnswerAsync(query, call.Progress, ct);
        metrics.Answered(Operation, answer?.CacheStatus ?? CacheStatus.None);
        return answer is null ? ToolResults.Error(failure!) : ToolResults.Of(answer, SearchJson.Readable.SearchAnswer);
    }

    private async Task<(SearchAnswer? Answer, string? Error)> AnswerAsync(
        SearchQuery query, IProgress<ProgressNotificationValue>? progress, CancellationToken ct)
    {
        var key = AnswerCache.Key(Operation, [.. query.KeyParts(), string.Join(',', chain.Providers.Select(provider => provider.Name))]);
        var kept = await cache.FindAsync(key, SearchJson.Default.SearchAnswer, ct);
        if (query.Offline)
        {
            return kept is { } any
                ? (any.Value.From(CacheStatus.Offline), null)
                : (null, "google_search is offline, and the answer to this query is not in its cache.");
        }

        if (kept is { } hit && hit.Age <= options.Value.Fresh)
        {
            return (hit.Value.From(CacheStatus.Hit), null);
        }

        var outcome = await chain.RunAsync(query, progress, ct);
        if ((outcome.Engine ?? outcome.FoundNothing) is { } engine)
        {
            var answer = Answer(query, engine, outcome);
            await cache.StoreAsync(key, answer, SearchJson.Default.SearchAnswer, options.Value.Kept, ct);
            return (answer, null);
        }

        return kept is { } old ? (old.Value.From(CacheStatus.Stale), null) : (null, Failure(outcome));
    }

    private SearchAnswer Answer(SearchQuery query, string engine, SearchOutcome outcome)
    {
        var now = clock.GetUtcNow();
        SearchResult[] results = [.. (outcome.Page?.Hits ?? []).Select((hit, index) => Result(query.Skipped + index + 1, hit, now))];
        return new()
        {
            Query = query.Text,
            Engine = engine,
            Live = true,
            CacheStatus = CacheStatus.Live,
            Metadata = Metadata(query, engine, outcome),
            Results = results,
            Citations = [.. results.Select(result => result.SourceUrl)],
            Raw = query.IncludeRaw && query.Allow.Count + query.Block.Count == 0 ? outcome.Page?.Raw : null,
        };
    }

    private SearchResult Result(int position, SearchHit hit, DateTimeOffset now) => new(
        position, Excerpt.Of(hit.Title, MaxTitleChars), hit.Url, Snippet(hit.Snippet), CacheStatus.Live, now, hit.PublishedDate);

    private static SearchMetadata Metadata(SearchQuery query, string engine, SearchOutcome outcome) => new()
    {
        Engine = engine,
        Live = true,
        Gl = query.Country,
        Hl = query.Language,
        Location = query.Location,
        LocationHint = query.LocationHint,
        Num = query.Wanted,
        Page = query.Page ?? 1,
        Tbs = query.Tbs,
        Autocorrect = query.Autocorrect,
        DomainAllowList = query.Allow.Count > 0 ? query.Allow : null,
        DomainBlockList = query.Block.Count > 0 ? query.Block : null,
        Answer = outcome.Page?.Answer,
        ProvidersTried = outcome.Tried.Count > 0 ? outcome.Outcomes : null,
    };

    private string Snippet(string? snippet) =>
        snippet is null ? "No excerpt is available." : Excerpt.Of(snippet.Trim(), options.Value.MaxSnippetChars);

    private static string Failure(SearchOutcome outcome) =>
        $"google_search failed: no provider answered. {string.Join("; ", outcome.Outcomes.Select(entry => $"{entry.Provider} {entry.Outcome}"))}.";
}

using JanServer.McpTools.Search.Providers;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace JanServer.McpTools.Search;

/// <summary>Asks one provider after the other until one has results, within the budget of the call.</summary>
internal sealed class SearchChain(IEnumerable<ISearchProvider> providers, IOptions<SearchOptions> options, TimeProvider clock)
{
    /// <summary>Those that can be asked, in order.</summary>
    public IReadOnlyList<ISearchProvider> Providers { get; } =
    [
        .. options.Value.Sequence.Select(name => providers.FirstOrDefault(provider => provider.Name == name)).OfType<ISearchProvider>()
            .Where(provider => provider.IsConfigured),
    ];

    /// <summary>The first page with results and whose it is; without one, what came of asking each.</summary>
    public async Task<SearchOutcome> RunAsync(SearchQuery query, IProgress<ProgressNotificationValue>? progress, CancellationToken ct)
    {
        var end = clock.GetUtcNow() + options.Value.Budget;
        var tried = new List<(string Provider, ProviderFailure Failure)>();
        foreach (var provider in Providers)
        {
            progress.Asking(provider.Name, tried.Count, Providers.Count);

            // An equal share of what is left: whoever comes later is asked too.
            var share = (end - clock.GetUtcNow()) / (Providers.Count - tried.Count);
            var (page, failure) = share > TimeSpan.Zero
                ? await provider.SearchAsync(query, share, ct)
                : (null, new ProviderFailure(ProviderFailureReason.TimedOut) { Detail = "was not asked, the time was up" });
            if (page is not null)
            {
                return new(page, provider.Name, tried);
            }

            tried.Add((provider.Name, failure!));
        }

        return new(null, null, tried);
    }
}

/// <summary>What came of a search.</summary>
/// <param name="Page">The results; null when nobody had any.</param>
/// <param name="Engine">Whose they are.</param>
/// <param name="Tried">Who was asked before in vain.</param>
internal sealed record SearchOutcome(SearchPage? Page, string? Engine, IReadOnlyList<(string Provider, ProviderFailure Failure)> Tried)
{
    /// <summary>The first of those who searched and found nothing, which is an answer too.</summary>
    public string? FoundNothing =>
        Tried.Where(entry => entry.Failure.Reason == ProviderFailureReason.Empty).Select(entry => entry.Provider).FirstOrDefault();

    /// <summary>Who was asked in vain, and why.</summary>
    public IReadOnlyList<ProviderOutcome> Outcomes => [.. Tried.Select(entry => new ProviderOutcome(entry.Provider, entry.Failure.Describe()))];
}

namespace JanServer.McpTools.Search.Providers;

/// <summary>A search engine.</summary>
internal interface ISearchProvider
{
    /// <summary>One of <see cref="ProviderNames.Remote"/>.</summary>
    string Name { get; }

    /// <summary>Whether it is switched on and has its key or address.</summary>
    bool IsConfigured { get; }

    /// <summary>Searches; one of the two is not null. A page without hits is <see cref="ProviderFailureReason.Empty"/>.</summary>
    Task<(SearchPage? Page, ProviderFailure? Failure)> SearchAsync(SearchQuery query, TimeSpan budget, CancellationToken ct);
}

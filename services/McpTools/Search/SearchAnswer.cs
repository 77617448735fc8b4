using System.Text.Json;

namespace JanServer.McpTools.Search;

/// <summary>What <c>google_search</c> answers, as the reference system's clients read it.</summary>
internal sealed record SearchAnswer
{
    /// <summary>The query as it was given.</summary>
    public required string Query { get; init; }

    /// <summary>The provider that answered.</summary>
    public required string Engine { get; init; }

    /// <summary>Whether a provider was asked for this very answer.</summary>
    public required bool Live { get; init; }

    /// <summary>See <see cref="CacheStatus"/>.</summary>
    public required string CacheStatus { get; init; }

    public required SearchMetadata Metadata { get; init; }

    public required IReadOnlyList<SearchResult> Results { get; init; }

    /// <summary>The URLs of the results.</summary>
    public required IReadOnlyList<string> Citations { get; init; }

    /// <summary>The provider's own answer, when it was asked for and no domain list had to take something out.</summary>
    public JsonElement? Raw { get; init; }

    /// <summary>The same answer from the cache.</summary>
    public SearchAnswer From(string cacheStatus) => this with
    {
        Live = false,
        CacheStatus = cacheStatus,
        Metadata = Metadata with { Live = false },
        Results = [.. Results.Select(result => result with { CacheStatus = cacheStatus })],
    };
}

/// <summary>One result.</summary>
internal sealed record SearchResult(
    int Position, string Title, string SourceUrl, string Snippet, string CacheStatus, DateTimeOffset FetchedAt, string? PublishedDate);

/// <summary>How the answer came about.</summary>
internal sealed record SearchMetadata
{
    public required string Engine { get; init; }

    public required bool Live { get; init; }

    public string? Gl { get; init; }

    public string? Hl { get; init; }

    public string? Location { get; init; }

    public string? LocationHint { get; init; }

    public int Num { get; init; }

    public int Page { get; init; }

    public string? Tbs { get; init; }

    public bool Autocorrect { get; init; }

    public IReadOnlyList<string>? DomainAllowList { get; init; }

    public IReadOnlyList<string>? DomainBlockList { get; init; }

    /// <summary>The engine's direct answer to the question, if it has one.</summary>
    public string? Answer { get; init; }

    /// <summary>Who was asked before, and why they did not answer.</summary>
    public IReadOnlyList<ProviderOutcome>? ProvidersTried { get; init; }
}

/// <summary>What came of asking one provider.</summary>
internal sealed record ProviderOutcome(string Provider, string Outcome);

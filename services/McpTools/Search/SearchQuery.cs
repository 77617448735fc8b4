namespace JanServer.McpTools.Search;

/// <summary>What is searched for.</summary>
/// <param name="Text">The query as it was given.</param>
internal sealed record SearchQuery(string Text)
{
    /// <summary>How many results, unless told.</summary>
    public const int DefaultCount = 10;

    /// <summary>Results come from these domains only, if there are any.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>No result comes from these domains.</summary>
    public IReadOnlyList<string> Block { get; init; } = [];

    /// <summary>A country's two letters.</summary>
    public string? Country { get; init; }

    /// <summary>A language such as <c>en</c> or <c>pt-br</c>.</summary>
    public string? Language { get; init; }

    public string? Location { get; init; }

    public string? LocationHint { get; init; }

    /// <summary>1 to 100.</summary>
    public int? Count { get; init; }

    /// <summary>1 to 100.</summary>
    public int? Page { get; init; }

    /// <summary><c>qdr:</c> and one of h, d, w, m, y.</summary>
    public string? Tbs { get; init; }

    public bool Autocorrect { get; init; } = true;

    public bool Offline { get; init; }

    /// <summary>Whether the provider's own answer goes along.</summary>
    public bool IncludeRaw { get; init; }

    /// <summary>h, d, w, m or y: what was published within the last of these.</summary>
    public char? Recency => Tbs?[^1];

    /// <summary>How many results are wanted.</summary>
    public int Wanted => Count ?? DefaultCount;

    /// <summary>How many results come before the wanted page.</summary>
    public int Skipped => ((Page ?? 1) - 1) * Wanted;

    /// <summary>Whether a result may be shown.</summary>
    public bool Admits(string url) => (Allow.Count == 0 || DomainList.Covers(Allow, url)) && !DomainList.Covers(Block, url);

    /// <summary>
    /// The query for an engine that understands <c>site:</c>. Engines read some thirty words, so long lists are cut: what comes back is
    /// checked anyway.
    /// </summary>
    public string WithSiteOperators()
    {
        const int Most = 10;
        var allowed = Allow.Take(Most).Select(domain => $"site:{domain}").ToList();
        var blocked = Block.Take(Most).Select(domain => $"-site:{domain}").ToList();
        var query = allowed.Count + blocked.Count == 0 ? Text : $"({Text})";
        query = allowed.Count == 0 ? query : $"{query} ({string.Join(" OR ", allowed)})";
        return blocked.Count == 0 ? query : $"{query} {string.Join(' ', blocked)}";
    }

    /// <summary>Everything that an answer depends on.</summary>
    public IEnumerable<string?> KeyParts() =>
    [
        Text, string.Join(',', Allow), "|", string.Join(',', Block), Country, Language, Location, LocationHint, $"{Count}", $"{Page}", Tbs,
        $"{Autocorrect}", $"{IncludeRaw}",
    ];
}

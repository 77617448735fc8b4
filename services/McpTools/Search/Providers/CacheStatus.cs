namespace JanServer.McpTools.Search.Providers;

/// <summary>Where an answer comes from.</summary>
internal static class CacheStatus
{
    /// <summary>From a provider, now.</summary>
    public const string Live = "live";

    /// <summary>Kept, and young enough to serve again.</summary>
    public const string Hit = "hit";

    /// <summary>Kept, too old to serve again, and served because no provider answered.</summary>
    public const string Stale = "stale";

    /// <summary>Kept, of whatever age, because nobody was to be asked.</summary>
    public const string Offline = "offline";

    /// <summary>No answer; in metrics only.</summary>
    public const string None = "none";
}

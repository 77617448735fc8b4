namespace JanServer.Contracts.Media;

/// <summary>What became of a batch of ids.</summary>
/// <param name="Found">The caller's files, by id.</param>
/// <param name="Missing">The ids that are nobody's or someone else's; the two look the same.</param>
public sealed record MediaResolution(IReadOnlyDictionary<string, ResolvedMedia> Found, IReadOnlyList<string> Missing)
{
    /// <summary>Nothing asked, nothing found.</summary>
    public static MediaResolution Empty { get; } = new(new Dictionary<string, ResolvedMedia>(StringComparer.Ordinal), []);
}

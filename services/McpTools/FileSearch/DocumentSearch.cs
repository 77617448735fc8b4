using System.Text;
using System.Text.Json;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.FileSearch;

/// <summary>
/// Finds passages by their words and by their meaning, and fuses the two orders by reciprocal rank: what is good in both is best, and
/// neither order's scores need to be comparable with the other's.
/// </summary>
internal sealed class DocumentSearch(PassageStore store, Embedder embedder)
{
    // The constant of Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion" (SIGIR 2009).
    private const double RankOffset = 60;
    private const int Candidates = 60;
    private const int PreviewRunes = 240;

    // What is less near has nothing to do with the query, whatever the model.
    private const float LeastSimilarity = 0.1f;

    public static string ModeOf(Embeddings? embeddings) => embeddings is null ? "full_text" : "hybrid";

    public async Task<SearchAnswer> FindAsync(Caller owner, string query, int count, DocumentFilter filter, CancellationToken ct)
    {
        var (embeddings, reason) = await embedder.EmbedAsync(owner, [query], ct);
        var words = await store.FindByWordsAsync(owner, SearchTerms.OfQuery(query), filter, Candidates, ct);
        var vectors = embeddings?.Vectors[0] is { } vector
            ? await store.FindByVectorAsync(owner, embeddings.Model, vector, filter, Candidates, LeastSimilarity, ct)
            : [];
        var similarities = vectors.ToDictionary(found => found.Key, found => found.Similarity);
        var best = Fuse(words, [.. vectors.Select(found => found.Key)], embeddings is null ? 1 : 2).Take(count).ToList();
        var passages = await store.ReadAsync(owner, [.. best.Select(found => found.Key)], ct);
        List<FoundPassage> results =
        [
            .. best.Where(found => passages.ContainsKey(found.Key)).Select(found => Passage(
                passages[found.Key], found.Score, similarities.TryGetValue(found.Key, out var similarity) ? similarity : null)),
        ];
        return new(query, count, results.Count, ModeOf(embeddings), reason, results);
    }

    /// <summary>The sums of the reciprocal ranks, as shares of what the first of every order would have.</summary>
    private static IEnumerable<(PassageKey Key, double Score)> Fuse(IReadOnlyList<PassageKey> words, IReadOnlyList<PassageKey> vectors, int orders)
    {
        var scores = new Dictionary<PassageKey, double>();
        foreach (var order in new[] { words, vectors })
        {
            for (var rank = 0; rank < order.Count; rank++)
            {
                scores[order[rank]] = scores.GetValueOrDefault(order[rank]) + ((RankOffset + 1) / (RankOffset + 1 + rank) / orders);
            }
        }

        return scores.OrderByDescending(one => one.Value).ThenBy(one => one.Key.Document).ThenBy(one => one.Key.Ordinal).Select(one => (one.Key, one.Value));
    }

    private static FoundPassage Passage(StoredPassage passage, double score, float? similarity) => new(
        passage.DocumentId,
        passage.Key.Ordinal,
        Math.Round(score, 4),
        similarity is { } cosine ? Math.Round(cosine, 4) : null,
        passage.Text,
        Preview(passage.Text),
        JsonElement.Parse(passage.Metadata),
        passage.Tags);

    private static string Preview(string text)
    {
        var preview = new StringBuilder();
        var runes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (runes++ == PreviewRunes)
            {
                return preview.Append('…').ToString();
            }

            preview.Append(rune.ToString());
        }

        return text;
    }
}

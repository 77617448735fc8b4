using System.Text.Json;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.FileSearch;

/// <summary>Puts documents into the index.</summary>
internal sealed class DocumentIndex(DocumentStore store, Embedder embedder, IOptions<FileSearchOptions> options, TimeProvider clock)
{
    /// <summary>Indexes a document in the place of the one with its id; else says why not, in a sentence.</summary>
    public async Task<(IndexedDocument? Document, string? Refusal)> PutAsync(
        Caller owner, string documentId, string text, JsonElement? metadata, string[] tags, CancellationToken ct)
    {
        if (text.Length > options.Value.MaxDocumentCharacters)
        {
            return (null, $"The document has {text.Length} characters; {options.Value.MaxDocumentCharacters} are allowed. Split it into several documents.");
        }

        var size = options.Value.ChunkCharacters;
        var chunks = TextChunks.Cut(text.Replace("\0", "", StringComparison.Ordinal), size, size * options.Value.OverlapPercent / 100);
        if (chunks.Count == 0)
        {
            return (null, "The document has no text that could be searched.");
        }

        if (chunks.Count > options.Value.MaxChunks)
        {
            return (null, $"The document has {chunks.Count} passages; the index may hold {options.Value.MaxChunks}.");
        }

        var (embeddings, reason) = await embedder.EmbedAsync(owner, chunks, ct);
        var passages = new List<Passage>(chunks.Count);
        var tokens = 0;
        for (var i = 0; i < chunks.Count; i++)
        {
            var (terms, count) = SearchTerms.OfText(chunks[i]);
            tokens += count;
            passages.Add(new(chunks[i], terms, embeddings?.Vectors[i]));
        }

        var now = clock.GetUtcNow();
        var document = new Document(documentId, metadata?.GetRawText() ?? "{}", tags, text.Length, tokens, now, passages);
        return await store.PutAsync(owner, document, embeddings?.Model, ct) is { } refusal
            ? (null, refusal)
            : (new(documentId, "indexed", now, tokens, chunks.Count, DocumentSearch.ModeOf(embeddings), reason), null);
    }
}

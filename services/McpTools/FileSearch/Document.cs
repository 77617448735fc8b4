namespace JanServer.McpTools.FileSearch;

/// <summary>A document on its way into the index.</summary>
internal sealed record Document(
    string DocumentId, string Metadata, string[] Tags, int Characters, int TokenCount, DateTimeOffset IndexedAt, IReadOnlyList<Passage> Passages);

/// <summary>A passage of a document.</summary>
/// <param name="Text">As it is shown.</param>
/// <param name="Terms">Its words, as text of a <c>tsvector</c>.</param>
/// <param name="Embedding">Its vector; null when there is none.</param>
internal sealed record Passage(string Text, string Terms, float[]? Embedding);

/// <summary>Which documents a query looks at; null for all.</summary>
internal sealed record DocumentFilter(string[]? DocumentIds, string[]? Tags, string? Metadata);

/// <summary>Names a passage in the index.</summary>
internal readonly record struct PassageKey(Guid Document, int Ordinal);

/// <summary>A passage with the document that it is of.</summary>
internal sealed record StoredPassage(PassageKey Key, string DocumentId, string Text, string Metadata, string[] Tags);

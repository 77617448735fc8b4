using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.McpTools.FileSearch;

internal sealed record EmbeddingRequest(string Model, IReadOnlyList<string> Input, string EncodingFormat);

internal sealed record EmbeddingList(IReadOnlyList<EmbeddingItem>? Data);

internal sealed record EmbeddingItem(int? Index, float[]? Embedding);

internal sealed record ListedModels(IReadOnlyList<ListedModel>? Data);

internal sealed record ListedModel(string? Id);

/// <summary>The result of <c>file_search_index</c>.</summary>
internal sealed record IndexedDocument(
    string DocumentId, string Status, DateTimeOffset IndexedAt, int TokenCount, int ChunkCount, string Mode, string? Note);

/// <summary>The result of <c>file_search_query</c>.</summary>
internal sealed record SearchAnswer(string Query, int TopK, int Count, string Mode, string? Note, IReadOnlyList<FoundPassage> Results);

/// <summary>A passage that was found.</summary>
/// <param name="DocumentId">Its document.</param>
/// <param name="Chunk">Its number in the document, from 0.</param>
/// <param name="Score">How well it fits, 0 to 1, among the passages of this answer only.</param>
/// <param name="Similarity">The cosine of its vector and the query's, where both have one.</param>
/// <param name="Text">The passage.</param>
/// <param name="TextPreview">Its beginning.</param>
/// <param name="Metadata">The document's.</param>
/// <param name="Tags">The document's.</param>
internal sealed record FoundPassage(
    string DocumentId, int Chunk, double Score, double? Similarity, string Text, string TextPreview, JsonElement Metadata, IReadOnlyList<string> Tags);

/// <summary>The result of <c>file_search_list</c>.</summary>
internal sealed record DocumentList(int Count, bool HasMore, IReadOnlyList<ListedDocument> Documents);

/// <summary>A document in the index.</summary>
internal sealed record ListedDocument(
    string DocumentId, DateTimeOffset IndexedAt, int Characters, int TokenCount, int ChunkCount, JsonElement Metadata, IReadOnlyList<string> Tags);

/// <summary>The result of <c>file_search_delete</c>.</summary>
internal sealed record DeletedDocument(string DocumentId, bool Deleted);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EmbeddingRequest))]
[JsonSerializable(typeof(EmbeddingList))]
[JsonSerializable(typeof(ListedModels))]
[JsonSerializable(typeof(IndexedDocument))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(DocumentList))]
[JsonSerializable(typeof(DeletedDocument))]
internal sealed partial class FileSearchJson : JsonSerializerContext;

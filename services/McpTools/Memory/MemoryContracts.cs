using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.McpTools.Memory;

/// <summary>The request of memory-tools' <c>POST /v1/memory/load</c>.</summary>
internal sealed record LoadMemories(string UserId, string Query, string ProjectId, string? ConversationId, LoadOptions Options);

internal sealed record LoadOptions(int MaxUserItems, int MaxProjectItems, int MaxEpisodicItems, double MinSimilarity);

/// <summary>Its answer. Members of the three kinds are in one record; each kind has its own.</summary>
internal sealed record LoadedMemories(
    IReadOnlyList<LoadedMemory>? CoreMemory, IReadOnlyList<LoadedMemory>? SemanticMemory, IReadOnlyList<LoadedMemory>? EpisodicMemory);

internal sealed record LoadedMemory(string Id, string? Text)
{
    public string? Scope { get; init; }

    public string? Key { get; init; }

    /// <summary>1 to 5, of what is known of the user.</summary>
    public double? Score { get; init; }

    public string? Kind { get; init; }

    public string? Title { get; init; }

    /// <summary>0 to 1, of facts of a project.</summary>
    public double? Confidence { get; init; }

    public string? SourceConversationId { get; init; }

    public string? ConversationId { get; init; }

    /// <summary>When an event happened.</summary>
    public DateTimeOffset? Time { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The cosine with the query; absent when memory-tools did not compare.</summary>
    public double? Similarity { get; init; }

    /// <summary><c>semantic</c>, or <c>fallback</c> for what is given without having been compared.</summary>
    public string? Match { get; init; }
}

/// <summary>The result of <c>memory_retrieve</c>.</summary>
internal sealed record RetrievedMemories(
    string Query,
    int TotalItems,
    IReadOnlyList<RetrievedMemory> UserMemories,
    IReadOnlyList<RetrievedMemory> ProjectMemories,
    IReadOnlyList<RetrievedMemory> EpisodicMemories,
    int QueryTimeMs,
    int EstimatedTokens);

/// <summary>A memory, as models read it.</summary>
/// <param name="Importance">1 to 5, of what is known of the user.</param>
/// <param name="RelevanceScore">The cosine with the query; absent for what was not compared with it.</param>
/// <param name="Metadata">What only its kind has, such as a fact's title or an event's time.</param>
internal sealed record RetrievedMemory(
    string Id,
    string? Scope,
    string? Key,
    string Text,
    double? Importance,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt,
    double? RelevanceScore,
    IReadOnlyDictionary<string, JsonElement>? Metadata);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadMemories))]
[JsonSerializable(typeof(LoadedMemories))]
[JsonSerializable(typeof(RetrievedMemories))]
internal sealed partial class MemoryJson : JsonSerializerContext;

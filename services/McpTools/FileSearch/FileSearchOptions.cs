using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.FileSearch;

/// <summary>What the search index takes. Bound from <c>FileSearch</c>.</summary>
public sealed class FileSearchOptions
{
    /// <summary>The model of llm-api that turns texts into vectors. Unless told, one that llm-api lists and whose name says that it does.</summary>
    public string? EmbeddingModel { get; set; }

    /// <summary>The largest document in characters: 1,000 to 10,000,000.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxDocumentCharacters { get; set; } = 1_000_000;

    /// <summary>How many documents a user may have, in all projects: 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxDocuments { get; set; } = 5_000;

    /// <summary>How many passages the documents of a user may have, in all projects: 1 to 1,000,000. Each query looks at those of a project.</summary>
    [Range(1, 1_000_000)]
    public int MaxChunks { get; set; } = 20_000;

    /// <summary>The length of a passage in characters at most: 200 to 8,000.</summary>
    [Range(200, 8_000)]
    public int ChunkCharacters { get; set; } = 1_200;

    /// <summary>How much of a passage the next one repeats at most, in percent of its greatest length: 0 to 50.</summary>
    [Range(0, 50)]
    public int OverlapPercent { get; set; } = 12;

    /// <summary>Seconds that llm-api may take for one batch of vectors: 1 to 300.</summary>
    [Range(1, 300)]
    public int EmbeddingTimeoutSeconds { get; set; } = 60;
}

[OptionsValidator]
internal sealed partial class FileSearchOptionsValidator : IValidateOptions<FileSearchOptions>;

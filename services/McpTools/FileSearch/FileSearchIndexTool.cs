using System.Text;
using System.Text.Json;
using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.FileSearch;

/// <summary><c>file_search_index</c>: puts a text into the caller's search index.</summary>
internal sealed class FileSearchIndexTool(DocumentIndex index) : ITool
{
    private const int MaxMetadataBytes = 16 << 10;

    public Tool Definition { get; } = new()
    {
        Name = "file_search_index",
        Title = "Index a document",
        Description = "Adds a text to the user's search index, so that file_search_query finds its passages by words and by meaning. "
            + "A document with the same document_id is replaced.",
        InputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{
              "document_id":{"type":"string","minLength":1,"maxLength":256,"description":"What the document is called, such as a file name. Unique among the user's documents of the project."},
              "text":{"type":"string","minLength":1,"description":"The whole text, plain or Markdown, in any language."},
              "metadata":{"type":"object","description":"Members of your own, up to 16 KiB, returned with results and usable as a filter."},
              "tags":{"type":"array","items":{"type":"string","minLength":1,"maxLength":64},"maxItems":32,"description":"Labels to filter by."}},
            "required":["document_id","text"],"additionalProperties":false}
            """u8),
        OutputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{
              "document_id":{"type":"string"},"status":{"const":"indexed"},"indexed_at":{"type":"string","format":"date-time"},
              "token_count":{"type":"integer"},"chunk_count":{"type":"integer"},
              "mode":{"enum":["hybrid","full_text"],"description":"Whether the document is found by meaning too, or by words only."},
              "note":{"type":"string","description":"Why only words are matched."}},
            "required":["document_id","status","indexed_at","token_count","chunk_count","mode"]}
            """u8),
        Annotations = new() { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false },
    };

    public string? Unavailable => null;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var arguments = call.Arguments;
        JsonElement? metadata = arguments.TryGetProperty("metadata", out var given) ? given : null;
        if (FileSearchArguments.Text(arguments, "document_id") is not { } id || FileSearchArguments.HoldsNul(id))
        {
            return ToolResults.Error("'document_id' must not hold the character U+0000.");
        }

        if (metadata is { } json && Encoding.UTF8.GetByteCount(json.GetRawText()) > MaxMetadataBytes)
        {
            return ToolResults.Error($"'metadata' has more than {MaxMetadataBytes} bytes.");
        }

        if (metadata is { } text && FileSearchArguments.HoldsNul(text.GetRawText()))
        {
            return ToolResults.Error("'metadata' must not hold the character U+0000.");
        }

        var tags = FileSearchArguments.Texts(arguments, "tags") ?? [];
        if (tags.Any(FileSearchArguments.HoldsNul))
        {
            return ToolResults.Error("'tags' must not hold the character U+0000.");
        }

        var (document, refusal) = await index.PutAsync(call.Caller, id, FileSearchArguments.Text(arguments, "text")!, metadata, tags, ct);
        return document is null ? ToolResults.Error(refusal!) : ToolResults.Of(document, FileSearchJson.Default.IndexedDocument);
    }
}

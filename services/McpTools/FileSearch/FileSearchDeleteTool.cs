using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.FileSearch;

/// <summary><c>file_search_delete</c>: takes a document out of the caller's search index.</summary>
internal sealed class FileSearchDeleteTool(DocumentStore store) : ITool
{
    public Tool Definition { get; } = new()
    {
        Name = "file_search_delete",
        Title = "Remove a document",
        Description = "Removes a document from the user's search index.",
        InputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{"document_id":{"type":"string","minLength":1,"maxLength":256,"description":"The document to remove."}},
            "required":["document_id"],"additionalProperties":false}
            """u8),
        OutputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{"document_id":{"type":"string"},"deleted":{"const":true}},"required":["document_id","deleted"]}
            """u8),
        Annotations = new() { ReadOnlyHint = false, DestructiveHint = true, IdempotentHint = true, OpenWorldHint = false },
    };

    public string? Unavailable => null;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var id = FileSearchArguments.Text(call.Arguments, "document_id")!;
        return !FileSearchArguments.HoldsNul(id) && await store.RemoveAsync(call.Caller, id, ct)
            ? ToolResults.Of(new DeletedDocument(id, true), FileSearchJson.Default.DeletedDocument)
            : ToolResults.Error($"There is no document '{id}' in the index.");
    }
}

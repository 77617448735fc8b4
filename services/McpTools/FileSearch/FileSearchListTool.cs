using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.FileSearch;

/// <summary><c>file_search_list</c>: what is in the caller's search index.</summary>
internal sealed class FileSearchListTool(DocumentStore store) : ITool
{
    private const int DefaultCount = 20;

    public Tool Definition { get; } = new()
    {
        Name = "file_search_list",
        Title = "List documents",
        Description = "Lists the documents of the user's search index by document_id.",
        InputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{
              "limit":{"type":"integer","minimum":1,"maximum":100,"default":20,"description":"How many documents to return at most."},
              "after":{"type":"string","maxLength":256,"description":"The last document_id of the page before."},
              "tags":{"type":"array","items":{"type":"string"},"maxItems":32,"description":"Only documents that have all of these tags."}},
            "additionalProperties":false}
            """u8),
        OutputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{
              "count":{"type":"integer"},"has_more":{"type":"boolean"},
              "documents":{"type":"array","items":{"type":"object","properties":{
                "document_id":{"type":"string"},"indexed_at":{"type":"string","format":"date-time"},"characters":{"type":"integer"},
                "token_count":{"type":"integer"},"chunk_count":{"type":"integer"},"metadata":{"type":"object"},"tags":{"type":"array","items":{"type":"string"}}},
              "required":["document_id","indexed_at","characters","token_count","chunk_count","metadata","tags"]}}},
            "required":["count","has_more","documents"]}
            """u8),
        Annotations = new() { ReadOnlyHint = true, OpenWorldHint = false },
    };

    public string? Unavailable => null;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var count = FileSearchArguments.Number(call.Arguments, "limit") ?? DefaultCount;
        var after = FileSearchArguments.Text(call.Arguments, "after");
        var tags = FileSearchArguments.Texts(call.Arguments, "tags");
        if ((tags ?? []).Append(after ?? "").Any(FileSearchArguments.HoldsNul))
        {
            return ToolResults.Error("Arguments must not hold the character U+0000.");
        }

        var documents = await store.ListAsync(call.Caller, after, tags, count, ct);
        var page = documents.Take(count).ToList();
        return ToolResults.Of(new DocumentList(page.Count, documents.Count > count, page), FileSearchJson.Default.DocumentList);
    }
}

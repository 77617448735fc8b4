using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.FileSearch;

/// <summary><c>file_search_query</c>: finds passages of the caller's documents.</summary>
internal sealed class FileSearchQueryTool(DocumentSearch search) : ITool
{
    private const int DefaultCount = 5;

    public Tool Definition { get; } = new()
    {
        Name = "file_search_query",
        Title = "Search documents",
        Description = "Finds passages of the user's indexed documents by words and by meaning, the best first. Cite results by their document_id.",
        InputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{
              "query":{"type":"string","minLength":1,"maxLength":4000,"description":"A question or words, in any language."},
              "top_k":{"type":["integer","null"],"minimum":1,"maximum":20,"default":5,"description":"How many passages to return at most."},
              "document_ids":{"type":"array","items":{"type":"string"},"maxItems":500,"description":"Only passages of these documents."},
              "tags":{"type":"array","items":{"type":"string"},"maxItems":32,"description":"Only passages of documents that have all of these tags."},
              "metadata":{"type":"object","description":"Only passages of documents whose metadata holds these members with these values."}},
            "required":["query"],"additionalProperties":false}
            """u8),
        OutputSchema = ToolSchema.Parse(
            """
            {"type":"object","properties":{
              "query":{"type":"string"},"top_k":{"type":"integer"},"count":{"type":"integer"},
              "mode":{"enum":["hybrid","full_text"]},"note":{"type":"string","description":"Why only words are matched."},
              "results":{"type":"array","items":{"type":"object","properties":{
                "document_id":{"type":"string"},"chunk":{"type":"integer","description":"The passage's number in the document, from 0."},
                "score":{"type":"number","description":"How well it fits, 0 to 1, compared with the others here."},
                "similarity":{"type":"number","description":"The cosine of the vectors of passage and query."},
                "text":{"type":"string"},"text_preview":{"type":"string"},"metadata":{"type":"object"},"tags":{"type":"array","items":{"type":"string"}}},
              "required":["document_id","chunk","score","text","text_preview","metadata","tags"]}}},
            "required":["query","top_k","count","mode","results"]}
            """u8),
        Annotations = new() { ReadOnlyHint = true, OpenWorldHint = false },
    };

    public string? Unavailable => null;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var arguments = call.Arguments;
        var query = FileSearchArguments.Text(arguments, "query")!;
        var metadata = arguments.TryGetProperty("metadata", out var given) ? given.GetRawText() : null;
        var filter = new DocumentFilter(FileSearchArguments.Texts(arguments, "document_ids"), FileSearchArguments.Texts(arguments, "tags"), metadata);
        if (metadata is not null && FileSearchArguments.HoldsNul(metadata)
            || (filter.DocumentIds ?? []).Concat(filter.Tags ?? []).Any(FileSearchArguments.HoldsNul))
        {
            return ToolResults.Error("Filters must not hold the character U+0000.");
        }

        var answer = await search.FindAsync(call.Caller, query, FileSearchArguments.Number(arguments, "top_k") ?? DefaultCount, filter, ct);
        return ToolResults.Of(answer, FileSearchJson.Default.SearchAnswer);
    }
}

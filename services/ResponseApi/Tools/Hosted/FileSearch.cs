using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>
/// OpenAI's <c>file_search</c> over the documents that the caller has indexed with <c>file_search_index</c>. A vector store is what its id
/// says: <c>vs_…</c> is all documents with that tag, anything else is the document of that id. One tag, or several documents.
/// </summary>
/// <param name="DocumentIds">The documents to search.</param>
/// <param name="Tags">The tag whose documents to search.</param>
/// <param name="MaxResults">1 to 50.</param>
/// <param name="Threshold">The least score of a result, 0 to 1.</param>
/// <param name="Filter">What the document's metadata must be.</param>
internal sealed record FileSearch(
    IReadOnlyList<string> DocumentIds, IReadOnlyList<string> Tags, int MaxResults, double Threshold, AttributeFilter? Filter) : IToolDeclaration
{
    public const string Type = "file_search";

    private const string TagPrefix = "vs_";
    private const int MaxStores = 50;
    private const int DefaultResults = 10;

    public static FileSearch Read(FieldReader tool)
    {
        var stores = tool.Texts("vector_store_ids", MaxStores, 256);
        if (stores is null)
        {
            tool.Fail(ApiError.Missing(tool.PathOf("vector_store_ids")));
        }
        else if (stores.Count == 0)
        {
            tool.Fail("vector_store_ids", "It must name at least one vector store.");
        }

        var tags = stores?.Where(IsTag).ToList() ?? [];
        var documents = stores?.Where(id => !IsTag(id)).ToList() ?? [];
        if (tags.Count > 0 && documents.Count > 0)
        {
            tool.Fail("vector_store_ids", "It must name either vector stores (vs_…) or documents, not both.");
        }

        if (tags.Count > 1)
        {
            tool.Fail("vector_store_ids", "It may name one vector store (vs_…).");
        }

        var ranking = tool.Object("ranking_options");
        ranking?.Choice("ranker", "none", "auto", "default-2024-11-15");
        ranking?.Object("hybrid_search");
        return new(
            documents,
            tags,
            tool.Integer("max_num_results", 1, 50) ?? DefaultResults,
            ranking?.Number("score_threshold", 0, 1) ?? 0,
            tool.Object("filters") is { } filters ? AttributeFilter.Read(filters, depth: 0) : null);
    }

    public async ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        var tool = await set.HostedAsync(KnownTools.FileSearch.Name, Type, KnownTools.FileSearch, ct);
        set.Add(new FileSearchBinding(set, this, tool), ToolNames.Key(Type));
        return null;
    }

    private static bool IsTag(string id) => id.StartsWith(TagPrefix, StringComparison.Ordinal);
}

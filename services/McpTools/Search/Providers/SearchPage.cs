using System.Text.Json;

namespace JanServer.McpTools.Search.Providers;

/// <summary>What an engine found.</summary>
/// <param name="Hits">In its order.</param>
/// <param name="Answer">Its direct answer, if it has one.</param>
/// <param name="Raw">Its whole answer.</param>
internal sealed record SearchPage(IReadOnlyList<SearchHit> Hits, string? Answer, JsonElement Raw)
{
    /// <summary>The page of an answer: hits that have a title and a web address and that the query admits.</summary>
    public static (SearchPage? Page, ProviderFailure? Failure) Of(
        SearchQuery query, ProviderAnswer answer, Func<JsonElement, IEnumerable<SearchHit>> hits, Func<JsonElement, string?>? direct = null)
    {
        if (answer is not { Json: { } json })
        {
            return (null, answer.Failure);
        }

        SearchHit[] fit = [.. hits(json).Where(hit => hit.Title.Length > 0 && IsWebAddress(hit.Url) && query.Admits(hit.Url)).Take(query.Wanted)];
        return fit.Length > 0 ? (new(fit, direct?.Invoke(json), json), null) : (null, new(ProviderFailureReason.Empty));
    }

    private static bool IsWebAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}

/// <summary>One thing found.</summary>
internal sealed record SearchHit(string Title, string Url, string? Snippet, string? PublishedDate);

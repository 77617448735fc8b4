using System.Text.Json.Nodes;

namespace JanServer.McpTools.Tests.Search;

/// <summary>Answers as the providers' APIs document them, shortened.</summary>
internal static class ProviderShapes
{
    public const string Serper = """
        {
          "searchParameters": {"q": "jan", "gl": "us", "hl": "en", "num": 10, "type": "search", "engine": "google"},
          "answerBox": {"snippet": "Jan is a month.", "title": "January", "link": "https://example.com/january"},
          "organic": [
            {"title": "January", "link": "https://example.com/january", "snippet": "The first month.", "date": "Jan 1, 2026", "position": 1},
            {"title": "Jan, the app", "link": "https://jan.ai/", "snippet": "Runs offline.", "position": 2, "sitelinks": [{"title": "Docs", "link": "https://jan.ai/docs"}]},
            {"title": "No link at all", "snippet": "Kept out.", "position": 3}
          ],
          "peopleAlsoAsk": [{"question": "What is Jan?", "snippet": "A month.", "title": "x", "link": "https://x.example/"}],
          "relatedSearches": [{"query": "feb"}],
          "credits": 1
        }
        """;

    public const string Tavily = """
        {
          "query": "jan", "follow_up_questions": null, "answer": null, "images": [],
          "results": [
            {"title": "January", "url": "https://example.com/january", "content": "The first month.", "score": 0.93, "raw_content": null},
            {"title": "Jan", "url": "https://jan.ai/", "content": "Runs offline.", "score": 0.81, "raw_content": null}
          ],
          "response_time": 1.2, "request_id": "r-1"
        }
        """;

    public const string Exa = """
        {
          "requestId": "e-1", "resolvedSearchType": "neural",
          "results": [
            {"id": "https://example.com/january", "title": "January", "url": "https://example.com/january", "publishedDate": "2026-01-01T00:00:00.000Z", "author": "Ann", "score": 0.4, "text": "The first month."},
            {"id": "https://jan.ai/", "title": "Jan", "url": "https://jan.ai/", "author": null, "highlights": ["Runs", "offline."], "highlightScores": [0.5, 0.4]}
          ],
          "costDollars": {"total": 0.005}
        }
        """;

    /// <summary>With engines that did not answer, as pairs, and answers of both kinds.</summary>
    public const string Searxng = """
        {
          "query": "jan", "number_of_results": 0,
          "results": [
            {"url": "https://example.com/january", "title": "January", "content": "The first month.", "engine": "duckduckgo", "parsed_url": ["https", "example.com", "/january", "", "", ""], "template": "default.html", "engines": ["duckduckgo"], "positions": [1], "publishedDate": "2026-01-01T00:00:00", "score": 1.0, "category": "general"},
            {"template": "key-value.html", "engine": "localsqlite", "some": "row"},
            {"url": "https://jan.ai/", "title": "Jan", "content": "", "engine": "brave", "score": 0.5, "category": "general"}
          ],
          "answers": [{"url": null, "template": "answer/legacy.html", "engine": "x", "answer": "A month."}, "plain"],
          "corrections": [], "infoboxes": [], "suggestions": ["january"],
          "unresponsive_engines": [["google", "timeout"], ["qwant", "access denied"]]
        }
        """;

    /// <summary>Serper's answer with these URLs.</summary>
    public static string SerperOf(params string[] urls) => new JsonObject
    {
        ["organic"] = new JsonArray([.. urls.Select(url => new JsonObject { ["title"] = $"At {url}", ["link"] = url, ["snippet"] = "Text." })]),
    }.ToJsonString();
}

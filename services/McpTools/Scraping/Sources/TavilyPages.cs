using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Search.Providers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping.Sources;

/// <summary>Pages by tavily.com: <c>POST /extract</c>; what it cannot read is in <c>failed_results</c>, with status 200.</summary>
internal sealed class TavilyPages(ProviderClient client, IOptions<ProviderOptions> options) : IPageSource
{
    private readonly ProviderAccount _account = options.Value.Tavily;

    public string Name => ProviderNames.Tavily;

    public bool IsConfigured => _account.IsConfigured;

    public async Task<(Page? Page, ProviderFailure? Failure)> ReadAsync(Uri url, bool markdown, TimeSpan budget, CancellationToken ct)
    {
        var answer = await client.AskAsync(
            new(Name, "scrape", _account.ScrapeTimeout, budget,
                () => ProviderRequests.PostJson(_account.ScrapeUrl!, Body(url, markdown)).With("Authorization", $"Bearer {_account.ApiKey}")), ct);
        return answer.Json is { } json
            ? ProviderPages.Of(json.Items("results").Select(result => Read(result, markdown)).FirstOrDefault())
            : (null, answer.Failure);
    }

    private static JsonObject Body(Uri url, bool markdown) => new()
    {
        ["urls"] = new JsonArray(url.AbsoluteUri),
        ["extract_depth"] = "basic",
        ["format"] = markdown ? "markdown" : "text",
        ["include_images"] = false,
    };

    private Page Read(JsonElement result, bool markdown)
    {
        var text = result.Text("raw_content") ?? result.Text("content") ?? "";
        return new(text, new PageMetadata { Engine = Name, FinalUrl = result.Text("url"), Title = result.Text("title") })
        {
            Markdown = markdown ? text : null,
        };
    }
}

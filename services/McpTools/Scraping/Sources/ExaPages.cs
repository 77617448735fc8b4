using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Search.Providers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping.Sources;

/// <summary>Pages by exa.ai: <c>POST /contents</c> with <c>urls</c>; <c>statuses</c> says which of them could not be read.</summary>
internal sealed class ExaPages(ProviderClient client, IOptions<ProviderOptions> options) : IPageSource
{
    private readonly ProviderAccount _account = options.Value.Exa;

    public string Name => ProviderNames.Exa;

    public bool IsConfigured => _account.IsConfigured;

    public async Task<(Page? Page, ProviderFailure? Failure)> ReadAsync(Uri url, bool markdown, TimeSpan budget, CancellationToken ct)
    {
        var answer = await client.AskAsync(
            new(Name, "scrape", _account.ScrapeTimeout, budget,
                () => ProviderRequests.PostJson(_account.ScrapeUrl!, new JsonObject { ["urls"] = new JsonArray(url.AbsoluteUri), ["text"] = true })
                    .With("x-api-key", _account.ApiKey!)), ct);
        return answer.Json is { } json
            ? ProviderPages.Of(json.Items("results").Select(result => Read(result, markdown)).FirstOrDefault())
            : (null, answer.Failure);
    }

    // Its text keeps headings and links as Markdown.
    private Page Read(JsonElement result, bool markdown)
    {
        var text = result.Text("text") ?? "";
        return new(text, new PageMetadata
        {
            Engine = Name,
            FinalUrl = result.Text("url"),
            Title = result.Text("title"),
            Byline = result.Text("author"),
            PublishedDate = result.Text("publishedDate"),
        })
        {
            Markdown = markdown ? text : null,
        };
    }
}

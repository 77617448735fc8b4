using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Scraping.Reading;
using JanServer.McpTools.Search.Providers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping.Sources;

/// <summary>Pages by serper.dev: <c>POST scrape.serper.dev</c>, which gives <c>text</c>, <c>markdown</c> and the page's meta tags.</summary>
internal sealed class SerperPages(ProviderClient client, IOptions<ProviderOptions> options) : IPageSource
{
    private readonly ProviderAccount _account = options.Value.Serper;

    public string Name => ProviderNames.Serper;

    public bool IsConfigured => _account.IsConfigured;

    public async Task<(Page? Page, ProviderFailure? Failure)> ReadAsync(Uri url, bool markdown, TimeSpan budget, CancellationToken ct)
    {
        var answer = await client.AskAsync(
            new(Name, "scrape", _account.ScrapeTimeout, budget,
                () => ProviderRequests.PostJson(_account.ScrapeUrl!, new JsonObject { ["url"] = url.AbsoluteUri, ["includeMarkdown"] = markdown })
                    .With("X-API-KEY", _account.ApiKey!)), ct);
        return answer.Json is { } json ? ProviderPages.Of(Read(json, markdown)) : (null, answer.Failure);
    }

    private Page Read(JsonElement json, bool markdown)
    {
        var metadata = json.Field("metadata") ?? default;
        return new(json.Text("text") ?? "", new PageMetadata
        {
            Engine = Name,
            Title = metadata.Text("title") ?? metadata.Text("og:title"),
            Byline = metadata.Text("author"),
            SiteName = metadata.Text("og:site_name"),
            Description = metadata.Text("description") ?? metadata.Text("og:description"),
            PublishedDate = metadata.Text("article:published_time"),
        })
        {
            Markdown = markdown ? json.Text("markdown") : null,
        };
    }
}

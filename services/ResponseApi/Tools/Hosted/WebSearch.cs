using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>
/// OpenAI's <c>web_search</c> and its older names. The model gets two functions: <c>google_search</c>, and <c>scrape</c> to open a page.
/// </summary>
/// <param name="Type">The name that the request used.</param>
/// <param name="AllowedDomains">The only domains (and their subdomains) that results may be of; null for all.</param>
/// <param name="Country">ISO 3166-1, two letters.</param>
/// <param name="Place">City, region and country as text.</param>
/// <param name="ContextSize"><c>low</c>, <c>medium</c> or <c>high</c>: how many results.</param>
/// <param name="IsOffline">Whether only what is cached may be used.</param>
internal sealed record WebSearch(
    string Type, IReadOnlyList<string>? AllowedDomains, string? Country, string? Place, string? ContextSize, bool IsOffline) : IToolDeclaration
{
    private const int MaxDomains = 50;

    public static readonly IReadOnlyList<string> Types =
        ["web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11"];

    public static WebSearch Read(string type, FieldReader tool)
    {
        var domains = tool.Object("filters")?.Texts("allowed_domains", MaxDomains, 253);
        var size = tool.Choice("search_context_size", "low", "medium", "high");
        var offline = tool.Flag("external_web_access") is false;
        if (tool.Object("user_location") is not { } location)
        {
            return new(type, domains, null, null, size, offline);
        }

        location.Choice("type", "approximate");
        var country = location.Text("country", most: 64);
        if (country is not null && !(country.Length == 2 && country.All(char.IsAsciiLetter)))
        {
            location.Fail("country", "Must be a country code of two letters.");
        }

        string?[] place = [location.Text("city", most: 256), location.Text("region", most: 256), country];
        location.Text("timezone", most: 64);
        var text = string.Join(", ", place.Where(part => !string.IsNullOrEmpty(part)));
        return new(type, domains, country, text.Length > 0 ? text : null, size, offline);
    }

    public async ValueTask<ApiError?> AddToAsync(ToolSetBuilder set, CancellationToken ct)
    {
        var search = await set.HostedAsync(KnownTools.Search.Name, Type, KnownTools.Search, ct);
        set.Add(new WebSearchBinding(set, this, search), ToolNames.Key("web_search"));

        // Offline there is no page to open; a missing scrape alone is worth no notice, since results can be read without it.
        if (!IsOffline && (await set.ListHostedAsync(ct)).Tools?.FirstOrDefault(tool => tool.Name == KnownTools.Scrape.Name) is { } scrape)
        {
            set.Add(new OpenPageBinding(set, scrape, AllowedDomains), ToolNames.Key("web_search"));
        }

        return null;
    }
}

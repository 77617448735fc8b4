using System.Text.Json;
using JanServer.McpTools.Search.Providers;

namespace JanServer.McpTools.Scraping;

/// <summary>The arguments of <c>scrape</c>. Unknown ones are left alone, as in <c>google_search</c>.</summary>
/// <param name="Url">Absolute and without fragment; whether it may be fetched is not said.</param>
/// <param name="Markdown">Whether Markdown is wanted too.</param>
/// <param name="Offline">Whether nobody is to be asked.</param>
/// <param name="MaxChars">How much text is wanted.</param>
internal sealed record ScrapeRequest(Uri Url, bool Markdown, bool Offline, int MaxChars)
{
    private const int MaxUrlChars = 4096;
    private const int LeastChars = 100;

    /// <summary>The request, or what is wrong in a sentence for the model.</summary>
    public static (ScrapeRequest? Request, string? Error) Read(JsonElement arguments, ScrapeOptions options)
    {
        if (arguments.Text("url")?.Trim() is not { } text)
        {
            return (null, "'url' must say which page to read.");
        }

        if (text.Length > MaxUrlChars || !Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            return (null, "'url' must be an absolute URL such as https://example.com/page.");
        }

        return (new(
            WithoutFragment(url),
            Flag(arguments, "include_markdown") ?? Flag(arguments, "includeMarkdown") ?? false,
            Flag(arguments, "offline_mode") ?? options.OfflineMode,
            Math.Clamp(Number(arguments, "max_chars") ?? options.MaxTextChars, LeastChars, options.MaxTextChars)), null);
    }

    private static Uri WithoutFragment(Uri url) => url.Fragment.Length == 0
        ? url
        : new(url.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped));

    private static int? Number(JsonElement arguments, string name) =>
        arguments.Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number)
            ? (int)Math.Clamp(number, 0, int.MaxValue)
            : null;

    private static bool? Flag(JsonElement arguments, string name) => arguments.Field(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}

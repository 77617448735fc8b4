using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Scraping;

/// <summary>
/// <c>scrape</c> as clients and models see it. Further arguments are accepted, as in <c>google_search</c>; <c>includeMarkdown</c> is the
/// reference system's name for <c>include_markdown</c>.
/// </summary>
internal static class ScrapeDefinition
{
    public static Tool Create() => new()
    {
        Name = "scrape",
        Title = "Read a web page",
        Description = "Reads one page of the web and returns its main text without menus and advertisements: HTML, plain text, JSON, XML and the text of PDFs. "
            + "Use it to read a page that google_search found or that the user names.",
        InputSchema = ToolSchema.Parse(Input),
        OutputSchema = ToolSchema.Parse(Output),
        Annotations = new() { Title = "Read a web page", ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = true },
    };

    private static ReadOnlySpan<byte> Input => """
        {
          "type": "object",
          "properties": {
            "url": {"type": "string", "minLength": 1, "maxLength": 4096, "description": "The page's address, beginning with http:// or https://."},
            "include_markdown": {"type": ["boolean", "null"], "default": false, "description": "Also return the page as Markdown, with its headings, lists, links, code and tables."},
            "max_chars": {"type": ["integer", "null"], "minimum": 100, "description": "How much text to return at most, in characters; the server's limit unless given."},
            "offline_mode": {"type": ["boolean", "null"], "default": false, "description": "Only answer from pages read before, without fetching anything."}
          },
          "required": ["url"]
        }
        """u8;

    private static ReadOnlySpan<byte> Output => """
        {
          "type": "object",
          "properties": {
            "source_url": {"type": "string", "description": "The URL that was asked for."},
            "text": {"type": "string", "description": "The page's text; when it was cut, its last line says so."},
            "text_preview": {"type": "string", "description": "The beginning of the text."},
            "markdown": {"type": "string", "description": "The page as Markdown, when it was asked for."},
            "truncated": {"type": "boolean", "description": "Whether there is more than was returned."},
            "metadata": {
              "type": "object",
              "description": "What the page says of itself, and how it was fetched.",
              "properties": {
                "engine": {"type": "string"},
                "final_url": {"type": "string"},
                "content_type": {"type": "string"},
                "charset": {"type": "string"},
                "title": {"type": "string"},
                "byline": {"type": "string"},
                "site_name": {"type": "string"},
                "description": {"type": "string"},
                "language": {"type": "string"},
                "canonical_url": {"type": "string"},
                "published_date": {"type": "string"},
                "pages": {"type": "integer"},
                "providers_tried": {"type": "array", "items": {"type": "object"}}
              }
            },
            "cache_status": {"type": "string", "enum": ["live", "hit", "stale", "offline"], "description": "live: fetched now. hit: from the cache. stale: old, because the page cannot be read now. offline: from the cache, because offline_mode is set."},
            "fetched_at": {"type": "string", "format": "date-time"}
          },
          "required": ["source_url", "text", "text_preview", "truncated", "metadata", "cache_status", "fetched_at"]
        }
        """u8;
}

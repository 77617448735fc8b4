using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Search;

/// <summary>
/// <c>google_search</c> as clients and models see it. Further arguments are accepted: callers of the reference system send ids of theirs
/// along, which no model needs to know of. Optional arguments may be null, as models like to write them.
/// </summary>
internal static class SearchDefinition
{
    public static Tool Create() => new()
    {
        Name = "google_search",
        Title = "Web search",
        Description = "Searches the web and returns titles, URLs and excerpts of pages. Use it for current events, facts that may have changed, "
            + "and anything that needs a source; cite the source_url of what you use. To read a whole page, pass its URL to scrape.",
        InputSchema = ToolSchema.Parse(Input),
        OutputSchema = ToolSchema.Parse(Output),
        Annotations = new() { Title = "Web search", ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = true },
    };

    private static ReadOnlySpan<byte> Input => """
        {
          "type": "object",
          "properties": {
            "q": {"type": "string", "minLength": 1, "maxLength": 2000, "description": "What to search for, as one would type it into a search engine."},
            "num": {"type": ["integer", "null"], "minimum": 1, "maximum": 100, "default": 10, "description": "How many results to return."},
            "page": {"type": ["integer", "null"], "minimum": 1, "maximum": 100, "default": 1, "description": "Which page of results to return."},
            "gl": {"type": ["string", "null"], "pattern": "^[A-Za-z]{2}$", "description": "Country to search from, as two letters such as us or de."},
            "hl": {"type": ["string", "null"], "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$", "description": "Language of the results, such as en or pt-br."},
            "location": {"type": ["string", "null"], "description": "City or region to search from, such as Berlin, Germany."},
            "location_hint": {"type": ["string", "null"], "description": "Where the user is; used when location is not given."},
            "tbs": {"type": ["string", "null"], "pattern": "^qdr:[hdwmy]$", "description": "Only what was published within the last hour (qdr:h), day (qdr:d), week (qdr:w), month (qdr:m) or year (qdr:y)."},
            "domain_allow_list": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 50, "description": "Only return results from these domains and their subdomains, such as [\"example.com\"]."},
            "domain_block_list": {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 50, "description": "Never return results from these domains and their subdomains."},
            "autocorrect": {"type": ["boolean", "null"], "default": true, "description": "Whether the engine may correct the spelling of the query."},
            "offline_mode": {"type": ["boolean", "null"], "default": false, "description": "Only answer from earlier searches, without asking a search engine."},
            "include_raw": {"type": ["boolean", "null"], "default": false, "description": "Also return the search engine's own answer, which is long. Rarely needed."}
          },
          "required": ["q"]
        }
        """u8;

    private static ReadOnlySpan<byte> Output => """
        {
          "type": "object",
          "properties": {
            "query": {"type": "string", "description": "The query as it was given."},
            "engine": {"type": "string", "description": "The search engine that answered."},
            "live": {"type": "boolean", "description": "Whether the engine was asked for this answer; false when it comes from the cache."},
            "cache_status": {"type": "string", "enum": ["live", "hit", "stale", "offline"], "description": "live: fresh from the engine. hit: from the cache. stale: old, because no engine answers. offline: from the cache, because offline_mode is set."},
            "metadata": {"type": "object", "description": "How the search was made; answer is the engine's direct answer, if it has one."},
            "results": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "position": {"type": "integer"},
                  "title": {"type": "string"},
                  "source_url": {"type": "string"},
                  "snippet": {"type": "string"},
                  "cache_status": {"type": "string"},
                  "fetched_at": {"type": "string", "format": "date-time"},
                  "published_date": {"type": "string"}
                },
                "required": ["position", "title", "source_url", "snippet", "cache_status", "fetched_at"]
              }
            },
            "citations": {"type": "array", "items": {"type": "string"}, "description": "The URLs of the results."},
            "raw": {"type": "object", "description": "The engine's own answer, when asked for and no domain list is in force."}
          },
          "required": ["query", "engine", "live", "cache_status", "metadata", "results", "citations"]
        }
        """u8;
}

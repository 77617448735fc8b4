using System.Text.Json;
using JanServer.Contracts.Tools;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>
/// The tools of mcp-tools as models are told of them when mcp-tools does not list them: enough to ask, and to learn why it cannot be.
/// </summary>
internal static class KnownTools
{
    public static McpTool Search { get; } = Tool(
        "google_search",
        "Searches the web.",
        """{"type":"object","properties":{"q":{"type":"string","description":"What to search for"}},"required":["q"]}"""u8);

    public static McpTool Scrape { get; } = Tool(
        "scrape",
        "Reads a web page.",
        """{"type":"object","properties":{"url":{"type":"string","description":"The page's address"}},"required":["url"]}"""u8);

    public static McpTool FileSearch { get; } = Tool(
        "file_search_query",
        "Searches the user's indexed documents.",
        """{"type":"object","properties":{"query":{"type":"string","description":"What to search for"}},"required":["query"]}"""u8);

    public static McpTool Python { get; } = Tool(
        "python_exec",
        "Runs Python code.",
        """{"type":"object","properties":{"code":{"type":"string","description":"The code to run"}},"required":["code"]}"""u8);

    public static McpTool Image { get; } = Tool(
        "generate_image",
        "Makes an image from a description.",
        """{"type":"object","properties":{"prompt":{"type":"string","description":"What the image shows"}},"required":["prompt"]}"""u8);

    public static McpTool Memory { get; } = Tool(
        "memory_retrieve",
        "Recalls what is known about the user.",
        """{"type":"object","properties":{"query":{"type":"string","description":"What to recall"}},"required":["query"]}"""u8);

    private static McpTool Tool(string name, string description, ReadOnlySpan<byte> schema)
    {
        var reader = new Utf8JsonReader(schema);
        return new(name, description, JsonElement.ParseValue(ref reader));
    }
}

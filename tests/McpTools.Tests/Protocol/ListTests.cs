using System.Text.Json.Nodes;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>Lists, prompts and resources as every host has them.</summary>
public sealed class ListTests(ListTests.Narrow service) : IClassFixture<ListTests.Narrow>
{
    [Fact]
    public async Task A_long_list_comes_in_pages_without_gaps()
    {
        using var client = service.Client();
        List<string> names = [];
        string? cursor = null;
        do
        {
            var page = await PageAsync(client, cursor);
            Assert.InRange(Names(page).Count, 1, 2);
            names.AddRange(Names(page));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        Assert.Superset(new HashSet<string> { "echo", "page_a", "page_b", "page_c", "page_d", "page_e" }, names.ToHashSet());
    }

    [Theory]
    [InlineData("prompts/get", """{"name":"nope"}""", -32602)]
    [InlineData("prompts/get", """{"name":"research"}""", -32602)]
    [InlineData("prompts/get", """{"name":"research","arguments":{"question":5}}""", -32602)]
    [InlineData("prompts/get", "{}", -32602)]
    [InlineData("resources/read", """{"uri":"jan://nowhere"}""", -32002)]
    [InlineData("resources/read", "{}", -32602)]
    [InlineData("resources/subscribe", """{"uri":"jan://guide/tools"}""", -32600)]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"nope"},"argument":{"name":"a","value":"b"}}""", -32602)]
    [InlineData("completion/complete", """{"ref":{"type":"ref/resource","uri":"nope://{x}"},"argument":{"name":"a","value":"b"}}""", -32602)]
    [InlineData("completion/complete", """{"ref":{"type":"ref/other"},"argument":{"name":"a","value":"b"}}""", -32602)]
    [InlineData("subscriptions/listen", """{"notifications":{}}""", -32601)]
    [InlineData("server/discover", "{}", -32602)]
    public async Task What_is_not_there_is_an_error(string method, string parameters, int code)
    {
        using var client = service.Client();

        var message = await client.AskAsync(method, parameters);

        Assert.True(message["error"] is not null, message.ToJsonString());
        Assert.Equal(code, message.Code());
    }

    [Fact]
    public async Task A_missing_resource_is_named_in_each_revisions_way()
    {
        using var client = service.Client();

        var before = await client.AskAsync("resources/read", """{"uri":"jan://nowhere"}""");
        Assert.Equal("jan://nowhere", (string)before["error"]!["data"]!["uri"]!);

        var now = await client.AskStatelessAsync("resources/read", """{"uri":"jan://nowhere"}""");
        Assert.Equal(-32602, now.Code());
        Assert.Equal("jan://nowhere", (string)now["error"]!["data"]!["uri"]!);
    }

    [Fact]
    public async Task The_guide_names_the_callers_tools()
    {
        using var client = service.Client();

        var guide = (await client.AskAsync("resources/read", """{"uri":"jan://guide/tools"}"""))["result"]!["contents"]![0]!;

        Assert.Equal("text/markdown", (string)guide["mimeType"]!);
        Assert.Contains("## page_a\n\nDoes page_a.", (string)guide["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_prompt_holds_its_argument()
    {
        using var client = service.Client();
        Assert.Contains("research", (await client.AskAsync("prompts/list"))["result"]!["prompts"]!.AsArray().Select(prompt => (string)prompt!["name"]!));

        var prompt = await client.AskAsync("prompts/get", """{"name":"research","arguments":{"question":"Why is the sky blue?"}}""");

        Assert.StartsWith(
            "Answer this question: Why is the sky blue?", (string)prompt["result"]!["messages"]![0]!["content"]!["text"]!, StringComparison.Ordinal);
        var values = await client.AskAsync(
            "completion/complete", """{"ref":{"type":"ref/prompt","name":"research"},"argument":{"name":"question","value":"W"}}""");
        Assert.Empty(values["result"]!["completion"]!["values"]!.AsArray());
    }

    private static async Task<JsonNode> PageAsync(McpClient client, string? cursor) =>
        (await client.AskAsync("tools/list", cursor is null ? "{}" : $$"""{"cursor":"{{cursor}}"}"""))["result"]!;

    private static List<string> Names(JsonNode page) => [.. page["tools"]!.AsArray().Select(tool => (string)tool!["name"]!)];

    public sealed class Narrow : ProtocolService
    {
        public Narrow()
        {
            this["McpServer:PageSize"] = "2";
            foreach (var letter in "abcde")
            {
                Tools.Add($"page_{letter}", (call, _) => new(JanServer.McpTools.Tools.ToolResults.Of(call.Arguments)));
            }
        }
    }
}

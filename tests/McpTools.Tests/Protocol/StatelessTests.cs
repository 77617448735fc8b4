using System.Net;
using System.Text.Json.Nodes;
using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>Revision 2026-07-28, beyond what the conformance suite checks.</summary>
public sealed class StatelessTests(ProtocolService service) : IClassFixture<ProtocolService>
{
    [Fact]
    public async Task The_server_describes_itself()
    {
        using var client = service.Client();

        var result = (await client.AskStatelessAsync("server/discover"))["result"]!;

        Assert.Equal(["2026-07-28"], result["supportedVersions"]!.AsArray().Select(version => (string)version!));
        Assert.True((bool)result["capabilities"]!["tools"]!["listChanged"]!);
        Assert.True((bool)result["capabilities"]!["resources"]!["subscribe"]!);
        Assert.Null(result["capabilities"]!["logging"]);
        Assert.NotEmpty((string)result["instructions"]!);
        Assert.Equal("complete", (string)result["resultType"]!);
        Assert.Equal("janserver", (string)result["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]!);
    }

    [Fact]
    public async Task A_session_id_means_nothing()
    {
        using var client = service.Client();

        using var answer = await client.PostStatelessAsync("tools/list", headers: ("Mcp-Session-Id", "never-given-out"));

        Assert.NotNull((await answer.McpAsync())["result"]);
        Assert.False(answer.Headers.Contains("Mcp-Session-Id"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task There_is_only_post(string method)
    {
        using var client = service.Client();
        using var request = new HttpRequestMessage(new(method), new Uri("/v1/mcp", UriKind.Relative));
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Accept", "text/event-stream");

        using var answer = await client.Http.SendAsync(request);

        Assert.Equal(-32600, (await answer.McpAsync(HttpStatusCode.MethodNotAllowed)).Code());
        Assert.Equal("POST", Assert.Single(answer.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("=?base64?ZWNobw==?=", HttpStatusCode.OK)]
    [InlineData("echo", HttpStatusCode.OK)]
    [InlineData("Echo", HttpStatusCode.BadRequest)]
    [InlineData("=?base64?RWNobw==?=", HttpStatusCode.BadRequest)]
    [InlineData("=?base64?!?=", HttpStatusCode.BadRequest)]
    public async Task The_name_in_the_header_is_that_in_the_body(string header, HttpStatusCode status)
    {
        using var client = service.Client();

        using var answer = await client.PostStatelessAsync("tools/call", """{"name":"echo"}""", "application/json", ("Mcp-Name", header));

        var message = await answer.McpAsync(status);
        Assert.Equal(status == HttpStatusCode.OK ? null : -32020, (int?)message["error"]?["code"]);
    }

    [Theory]
    [InlineData("""{"limit":42,"deep":{"flag":true}}""", "42.0", "true", HttpStatusCode.OK)]
    [InlineData("""{"limit":42,"deep":{"flag":true}}""", "43", "true", HttpStatusCode.BadRequest)]
    [InlineData("""{"limit":42,"deep":{"flag":true}}""", "42", "false", HttpStatusCode.BadRequest)]
    [InlineData("""{"limit":42,"deep":{"flag":true}}""", "42", null, HttpStatusCode.BadRequest)]
    [InlineData("""{"limit":42}""", "42", "true", HttpStatusCode.BadRequest)]
    [InlineData("""{"limit":42,"deep":{"flag":null}}""", "42", null, HttpStatusCode.OK)]
    [InlineData("{}", null, null, HttpStatusCode.OK)]
    public async Task Arguments_in_headers_are_those_in_the_body(string arguments, string? limit, string? flag, HttpStatusCode status)
    {
        service.Tools.Add("mirrored", (call, _) => new(ToolResults.Of(call.Arguments)), """
            {"type":"object","properties":{"limit":{"type":"integer","x-mcp-header":"Limit"},
             "deep":{"type":"object","properties":{"flag":{"type":"boolean","x-mcp-header":"Flag"}}}}}
            """);
        using var client = service.Client();
        List<(string, string)> headers = [];
        if (limit is not null)
        {
            headers.Add(("Mcp-Param-Limit", limit));
        }

        if (flag is not null)
        {
            headers.Add(("mcp-param-flag", flag));
        }

        using var answer = await client.PostStatelessAsync(
            "tools/call", $$"""{"name":"mirrored","arguments":{{arguments}} }""", "application/json", [.. headers]);

        var message = await answer.McpAsync(status);
        Assert.Equal(status == HttpStatusCode.OK ? null : -32020, (int?)message["error"]?["code"]);
    }

    [Fact]
    public async Task A_body_of_this_revision_without_the_header_is_refused()
    {
        using var client = service.Client();
        var body = client.Request("tools/list", """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}""");

        using var missing = await client.PostAsync(body);
        Assert.Equal(-32020, (await missing.McpAsync(HttpStatusCode.BadRequest)).Code());

        using var other = await client.PostAsync(body, null, ("MCP-Protocol-Version", "2025-11-25"));
        Assert.Equal(-32020, (await other.McpAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Fact]
    public async Task What_a_tool_wants_to_remember_comes_back_only_unchanged_for_the_same_tool_and_from_the_same_user()
    {
        ValueTask<CallToolResult> Ask(ToolCall call, CancellationToken ct) => call.Client!.State is { } state
            ? new(ToolResults.Of(JsonNode.Parse($$"""{"state":"{{state}}"}""").Element()))
            : throw new InputRequiredException(new Dictionary<string, InputRequest>(), "paid: no");
        service.Tools.Add("asks", Ask);
        service.Tools.Add("asks_too", Ask);
        using var ann = service.Client();
        using var bob = service.Client();

        var asked = (await ann.AskStatelessAsync("tools/call", """{"name":"asks"}"""))["result"]!;
        Assert.Equal("input_required", (string)asked["resultType"]!);
        var state = (string)asked["requestState"]!;
        Assert.DoesNotContain("paid", state, StringComparison.Ordinal);

        Task<JsonNode> BringBack(McpClient client, string tool, string state) =>
            client.AskStatelessAsync("tools/call", $$"""{"name":"{{tool}}","requestState":"{{state}}","inputResponses":{} }""");
        Assert.Equal("paid: no", (string)(await BringBack(ann, "asks", state))["result"]!["structuredContent"]!["state"]!);
        Assert.Equal(-32602, (await BringBack(bob, "asks", state)).Code());
        Assert.Equal(-32602, (await BringBack(ann, "asks_too", state)).Code());
        Assert.Equal(-32602, (await BringBack(ann, "asks", state.Replace('.', 'x'))).Code());
        Assert.Equal(-32602, (await BringBack(ann, "asks", "1" + state)).Code());
    }

    [Fact]
    public async Task Log_messages_come_only_when_they_are_asked_for_and_only_of_that_level()
    {
        service.Tools.Add("logs", async (call, ct) =>
        {
            await call.Client!.LogAsync(LoggingLevel.Info, "test", call.Arguments, ct);
            await call.Client!.LogAsync(LoggingLevel.Error, "test", call.Arguments, ct);
            return ToolResults.Of(call.Arguments);
        });
        using var client = service.Client();

        using var silent = await client.PostStatelessAsync("tools/call", """{"name":"logs"}""", "text/event-stream");
        Assert.Single(await silent.EventsAsync());

        using var errors = await client.PostStatelessAsync(
            "tools/call", """{"name":"logs","_meta":{"io.modelcontextprotocol/logLevel":"error"}}""", "text/event-stream");
        var messages = await errors.EventsAsync();
        Assert.Equal("error", (string)messages[0]["params"]!["level"]!);
        Assert.Equal(2, messages.Count);
    }
}

using System.Net;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>JSON-RPC without a handshake: what response-api and the reference's clients send.</summary>
public sealed class BareTests(ProtocolService service) : IClassFixture<ProtocolService>
{
    [Fact]
    public async Task Tools_are_listed_without_a_handshake()
    {
        using var client = service.Client();

        var answer = await client.AskAsync("tools/list");

        Assert.Equal(1, (int)answer["id"]!);
        var names = answer["result"]!["tools"]!.AsArray().Select(tool => (string)tool!["name"]!).ToList();
        Assert.Contains("echo", names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Null(answer["result"]!["resultType"]);
    }

    [Fact]
    public async Task A_tool_is_called_with_what_the_headers_say()
    {
        var ann = TestCallers.User();
        using var client = new McpClient(service.ClientFor(ann));

        var answer = await client.AskAsync(
            "tools/call",
            """{"name":"echo","arguments":{"a":[1,{"b":"ü"}]}}""",
            ("X-Tool-Call-ID", "call_1"),
            ("X-Conversation-ID", "conv_1"),
            ("Idempotency-Key", "key_1"));

        Assert.Equal("""{"a":[1,{"b":"ü"}]}""", answer["result"]!["structuredContent"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        var call = Assert.Single(service.Tools.Calls, call => call.Caller.UserId == ann.UserId);
        Assert.Equal(("call_1", "conv_1", "key_1"), (call.CallId, call.ConversationId, call.IdempotencyKey));
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, text/event-stream", "application/json")]
    [InlineData("text/event-stream", "text/event-stream")]
    public async Task The_answer_has_the_form_that_the_client_accepts(string? accept, string type)
    {
        using var client = service.Client();

        using var answer = await client.PostAsync(client.Request("tools/call", """{"name":"echo"}"""), accept);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        if (type == "text/event-stream")
        {
            Assert.NotNull(Assert.Single(await answer.EventsAsync())["result"]);
        }
    }

    [Fact]
    public async Task A_client_that_accepts_neither_form_is_refused()
    {
        using var client = service.Client();

        using var answer = await client.PostAsync(client.Request("tools/list"), "text/html;q=1, application/json;q=0");

        Assert.Equal(-32600, (await answer.McpAsync(HttpStatusCode.NotAcceptable)).Code());
    }

    [Fact]
    public async Task An_unknown_tool_is_an_error_and_a_tool_that_fails_says_nothing_of_its_inside()
    {
        using var client = service.Client();

        Assert.Equal(-32602, (await client.AskAsync("tools/call", """{"name":"nope"}""")).Code());

        var result = (await client.AskAsync("tools/call", """{"name":"broken"}"""))["result"]!;
        Assert.True((bool)result["isError"]!);
        Assert.DoesNotContain("secret", result.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", -32700)]
    [InlineData("{", -32700)]
    [InlineData("5", -32600)]
    [InlineData("[]", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":5}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/list"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", -32600)]
    public async Task What_is_no_message_is_a_400_in_the_form_of_the_protocol(string body, int code)
    {
        using var client = service.Client();

        using var answer = await client.PostAsync(body);

        Assert.Equal(code, (await answer.McpAsync(HttpStatusCode.BadRequest)).Code());
    }

    [Theory]
    [InlineData("tools/call", "{}")]
    [InlineData("tools/call", """{"name":5}""")]
    [InlineData("tools/call", """{"name":"echo","arguments":[]}""")]
    [InlineData("tools/list", """{"cursor":"!"}""")]
    [InlineData("tools/list", """{"cursor":5}""")]
    public async Task Parameters_of_the_wrong_form_are_named_as_such(string method, string parameters)
    {
        using var client = service.Client();

        Assert.Equal(-32602, (await client.AskAsync(method, parameters)).Code());
    }

    [Fact]
    public async Task An_unknown_method_is_an_error()
    {
        using var client = service.Client();

        Assert.Equal(-32601, (await client.AskAsync("tools/uninstall")).Code());
    }

    [Fact]
    public async Task A_ping_is_answered()
    {
        using var client = service.Client();

        Assert.Equal("{}", (await client.AskAsync("ping"))["result"]!.ToJsonString());
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_not_json_is_refused()
    {
        using var client = service.Client();

        using var large = await client.PostAsync(client.Request("tools/call", """{"name":"echo","arguments":{"a":"X"}}""".Replace("X", new string('x', 70_000), StringComparison.Ordinal)));
        Assert.Equal(-32600, (await large.McpAsync(HttpStatusCode.RequestEntityTooLarge)).Code());

        using var form = await client.Http.PostAsync(new Uri("/v1/mcp", UriKind.Relative), new StringContent("a=b")).Soon();
        Assert.Equal(-32600, (await form.McpAsync(HttpStatusCode.UnsupportedMediaType)).Code());
    }

    [Fact]
    public async Task Nobody_calls_without_a_credential_or_the_scope()
    {
        using var anonymous = new McpClient(service.Anonymous());
        using var refused = await anonymous.PostAsync(anonymous.Request("tools/list"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        foreach (var (scope, status) in new[] { (Scopes.Media, HttpStatusCode.Forbidden), (Scopes.Tools, HttpStatusCode.OK), (Scopes.Inference, HttpStatusCode.OK) })
        {
            using var client = new McpClient(service.ClientFor(TestCallers.User().ByApiKey(scope)));
            using var answer = await client.PostAsync(client.Request("tools/list"));
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("https://jan.example.test.evil.example", false)]
    [InlineData("http://jan.example.test", false)]
    [InlineData("https://jan.example.test", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://[::1]:5", true)]
    public async Task A_page_from_elsewhere_is_refused(string origin, bool allowed)
    {
        using var client = service.Client();

        using var answer = await client.PostAsync(client.Request("tools/list"), null, ("Origin", origin));

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Progress_goes_ahead_of_the_answer_in_order()
    {
        using var client = service.Client();

        using var answer = await client.PostAsync(
            client.Request("tools/call", """{"name":"progress","_meta":{"progressToken":"p"}}"""), "application/json, text/event-stream");

        var messages = await answer.EventsAsync();
        Assert.Equal([1f, 2f, 3f], messages.SkipLast(1).Select(message => (float)message["params"]!["progress"]!));
        Assert.All(messages.SkipLast(1), message => Assert.Equal("p", (string)message["params"]!["progressToken"]!));
        Assert.NotNull(messages[^1]["result"]);
    }

    [Fact]
    public async Task A_batch_is_answered_as_one_and_only_where_the_revision_has_them()
    {
        using var client = service.Client();
        var batch = $$"""[{{client.Request("ping")}},{"jsonrpc":"2.0","method":"notifications/initialized"},{{client.Request("nope")}},7]""";

        using var answer = await client.PostAsync(batch);
        var messages = (JsonArray)await answer.McpAsync();
        Assert.Equal(3, messages.Count);
        Assert.Single(messages, message => message!["result"] is not null);
        Assert.Equal([-32601, -32600], messages.Where(message => message!["error"] is not null).Select(message => message!.Code()).Order());

        using var refused = await client.PostAsync(batch, null, ("MCP-Protocol-Version", "2025-06-18"));
        Assert.Equal(-32600, (await refused.McpAsync(HttpStatusCode.BadRequest)).Code());

        using var silent = await client.PostAsync("""[{"jsonrpc":"2.0","method":"notifications/initialized"}]""");
        Assert.Equal(HttpStatusCode.Accepted, silent.StatusCode);

        using var many = await client.PostAsync($"[{string.Join(',', Enumerable.Repeat(client.Request("ping"), 21))}]");
        Assert.Equal(-32600, (await many.McpAsync(HttpStatusCode.BadRequest)).Code());
    }
}

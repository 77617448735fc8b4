using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Protocol.Signals;
using JanServer.McpTools.Tests.External.Fixtures;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.External.Listing;

public sealed class ExternalToolTests(ExternalService service) : IClassFixture<ExternalService>
{
    private const string Own = "/v1/mcp/servers";

    private readonly Caller _ann = TestCallers.User();

    private HttpClient Client => service.ClientFor(_ann);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tools_appear_as_the_server_describes_them_under_its_label(bool hasSessions)
    {
        await using var server = await TestMcpServer.StartAsync(hasSessions);
        server.Add(new Tool
        {
            Name = "get.weather",
            Title = "Weather",
            Description = "Tells the weather.",
            InputSchema = ToolSchema.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""u8),
            OutputSchema = ToolSchema.Parse("""{"type":"object","properties":{"c":{"type":"number"}}}"""u8),
            Annotations = new() { ReadOnlyHint = true },
            Meta = new JsonObject { ["own"] = 7 },
        });
        await Client.RegisterAsync(new { label = "sky", url = server.Url, require_approval = "always" });

        var tool = await service.ToolOf(_ann, "sky_get_weather");

        Assert.Equal("Weather", tool.Title);
        Assert.Equal("[sky] Tells the weather.", tool.Description);
        Assert.Equal("city", tool.InputSchema.GetProperty("required")[0].GetString());
        Assert.Equal("number", tool.OutputSchema!.Value.GetProperty("properties").GetProperty("c").GetProperty("type").GetString());
        Assert.True(tool.Annotations!.ReadOnlyHint);
        Assert.Equal(7, tool.Meta!["own"]!.GetValue<int>());
        Assert.Equal("sky", tool.Meta[ToolMeta.ServerLabel]!.GetValue<string>());
        Assert.Equal("get.weather", tool.Meta[ToolMeta.OwnName]!.GetValue<string>());
        Assert.Equal("always", tool.Meta[ToolMeta.RequireApproval]!.GetValue<string>());
    }

    [Fact]
    public async Task The_ledger_names_the_server_of_a_call()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a");
        await Client.RegisterAsync(new { label = "ledger", url = server.Url });
        await service.ToolOf(_ann, "ledger_a");

        Assert.Equal("called a", (await service.CallAsync(_ann, "ledger_a")).Text());

        await Eventually.True(async () =>
            await service.Database.ScalarAsync<string>("SELECT provider FROM tool_calls WHERE tool = 'ledger_a'") == "ledger");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_passes_everything_on_untouched(bool hasSessions)
    {
        await using var server = await TestMcpServer.StartAsync(hasSessions, "all");
        JsonElement? arguments = null;
        server.OnCall = (call, _) =>
        {
            arguments = JsonSerializer.SerializeToElement(call.Params!.Arguments);
            return ValueTask.FromResult(new CallToolResult
            {
                Content =
                [
                    new TextContentBlock { Text = "text", Annotations = new() { Priority = 0.5f } },
                    ImageContentBlock.FromBytes(new byte[] { 1, 2, 3 }, "image/png"),
                    AudioContentBlock.FromBytes(new byte[] { 4, 5 }, "audio/wav"),
                    new EmbeddedResourceBlock { Resource = new TextResourceContents { Uri = "file:///a", Text = "a", MimeType = "text/plain" } },
                    new ResourceLinkBlock { Uri = "https://example.test/b", Name = "b" },
                ],
                StructuredContent = ToolSchema.Parse("""{"n":[1,2.50,"x"]}"""u8),
                IsError = true,
                Meta = new JsonObject { ["trace"] = "t" },
            });
        };
        await Client.RegisterAsync(new { label = "kinds", url = server.Url });
        await service.ToolOf(_ann, "kinds_all");

        var result = await service.CallAsync(_ann, "kinds_all", """{"a":{"b":[1,null,"ü"]},"c":1.50}""");

        Assert.Equal("""{"a":{"b":[1,null,"ü"]},"c":1.50}""", JsonNode.Parse(arguments!.Value.GetRawText())!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(["text", "image", "audio", "resource", "resource_link"], result.Content.Select(block => block.Type));
        Assert.Equal(0.5f, result.Content[0].Annotations!.Priority);
        Assert.Equal(new byte[] { 1, 2, 3 }, ((ImageContentBlock)result.Content[1]).DecodedData.ToArray());
        Assert.Equal("""{"n":[1,2.50,"x"]}""", result.StructuredContent!.Value.GetRawText());
        Assert.True(result.IsError);
        Assert.Equal("t", result.Meta!["trace"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Progress_and_cancellation_pass_through(bool hasSessions)
    {
        await using var server = await TestMcpServer.StartAsync(hasSessions, "slow");
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnCall = async (call, ct) =>
        {
            await call.Server.NotifyProgressAsync(call.Params!.ProgressToken!.Value, new() { Progress = 1, Total = 4, Message = "going" }, cancellationToken: ct);
            await using var registration = ct.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, ct);
            return new();
        };
        await Client.RegisterAsync(new { label = "slow", url = server.Url });
        await service.ToolOf(_ann, "slow_slow");
        var progress = new Progress();
        using var leaving = new CancellationTokenSource();

        var call = service.CallAsync(_ann, "slow_slow", progress: progress, ct: leaving.Token);
        var heard = await progress.Heard.Task.Soon();
        await leaving.CancelAsync();

        Assert.Equal(("going", 4f), (heard.Message, heard.Total));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.Succeeds(() => { Assert.True(cancelled.Task.IsCompleted, string.Join("\n", server.Messages)); return Task.CompletedTask; });
    }

    [Fact]
    public async Task What_the_server_refuses_is_an_error_that_the_model_reads()
    {
        await using var server = await TestMcpServer.StartAsync(true, "picky");
        server.OnCall = (_, _) => throw new McpProtocolException("The city is unknown.", McpErrorCode.InvalidParams);
        var id = await Client.RegisterAsync(new { label = "picky", url = server.Url });
        await service.ToolOf(_ann, "picky_picky");

        var result = await service.CallAsync(_ann, "picky_picky");

        Assert.True(result.IsError);
        Assert.Contains("The city is unknown.", result.Text(), StringComparison.Ordinal);
        Assert.Equal("healthy", (await Client.SendAsync("GET", $"{Own}/{id}/health").JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task Nobody_else_sees_or_calls_the_tools()
    {
        await using var server = await TestMcpServer.StartAsync(true, "secret");
        await Client.RegisterAsync(new { label = "mine", url = server.Url });
        await service.ToolOf(_ann, "mine_secret");

        foreach (var other in new[] { TestCallers.User(), _ann with { ProjectId = TestCallers.User().ProjectId }, TestCallers.Admin() })
        {
            Assert.DoesNotContain(await service.ToolsOf(other), tool => tool.Name.StartsWith("mine", StringComparison.Ordinal));
            await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync(other, "mine_secret"));
        }
    }

    [Fact]
    public async Task Tools_are_allowed_and_denied_one_by_one()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a", "b", "c/d");
        var id = await Client.RegisterAsync(new { label = "pick", url = server.Url, allowed_tools = new[] { "a", "c/d" } });
        await service.ToolOf(_ann, "pick_a");
        Assert.Equal(["pick_a", "pick_c_d"], await NamesAsync());

        await Client.SendAsync("PATCH", $"{Own}/{id}/tools/a", new { enabled = false }).JsonAsync();
        await Client.SendAsync("PATCH", $"{Own}/{id}/tools/b", new { enabled = true }).JsonAsync();
        await Client.SendAsync("PATCH", $"{Own}/{id}/tools/c/d", new { require_approval = "always" }).JsonAsync();
        Assert.Equal(["pick_b", "pick_c_d"], await NamesAsync());
        await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync(_ann, "pick_a"));

        var listed = (await Client.SendAsync("GET", $"{Own}/{id}/tools").JsonAsync()).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["a", "b", "c/d"], listed.Select(tool => tool.Text("name")));
        Assert.Equal([false, true, true], listed.Select(tool => tool.GetProperty("enabled").GetBoolean()));
        Assert.Equal(["never", "never", "always"], listed.Select(tool => tool.Text("require_approval")));
        Assert.Equal("pick_c_d", listed[2].Text("call_name"));

        await Client.SendAsync("PATCH", $"{Own}/{id}/tools/a", new { require_approval = "maybe" }).ErrorAsync(HttpStatusCode.BadRequest, "require_approval");
        await Client.SendAsync("PATCH", $"{Own}/{id}", new { enabled = false }).JsonAsync();
        Assert.Empty(await NamesAsync());

        async Task<IEnumerable<string>> NamesAsync() =>
            (await service.ToolsOf(_ann)).Select(tool => tool.Name).Where(name => name.StartsWith("pick", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_two_servers_have_is_the_administrators()
    {
        var label = $"t{Guid.CreateVersion7():N}"[..20];
        await using var theirs = await TestMcpServer.StartAsync(true, "same");
        await using var mine = await TestMcpServer.StartAsync(true, "same");
        theirs.OnCall = (_, _) => ValueTask.FromResult(ToolResults.Error("theirs"));
        mine.OnCall = (_, _) => ValueTask.FromResult(ToolResults.Error("mine"));
        await Client.RegisterAsync(new { label, url = mine.Url });
        await service.ToolOf(_ann, $"{label}_same");
        using var admin = service.ClientFor(TestCallers.Admin());
        var id = await admin.RegisterAsync(new { label, url = theirs.Url }, "/v1/admin/mcp/servers");

        // localhost is allowed to users here, and so to administrators.
        await Eventually.True(async () => (await service.ToolsOf(_ann)).Count(tool => tool.Name.StartsWith(label, StringComparison.Ordinal)) == 2);
        var names = (await service.ToolsOf(_ann)).Select(tool => tool.Name).Where(name => name.StartsWith(label, StringComparison.Ordinal)).ToList();

        Assert.Matches("_[0-9a-f]{8}$", names[1]);
        Assert.Equal("theirs", (await service.CallAsync(_ann, names[0])).Text());
        Assert.Equal("mine", (await service.CallAsync(_ann, names[1])).Text());
        await admin.SendAsync("DELETE", $"/v1/admin/mcp/servers/{id}").JsonAsync();
    }

    [Fact]
    public async Task Headers_go_along_with_every_request()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a");
        await Client.RegisterAsync(new { label = "keyed", url = server.Url, headers = new Dictionary<string, string> { ["Authorization"] = "Bearer k", ["X-Team"] = "t" } });
        await service.ToolOf(_ann, "keyed_a");
        await service.CallAsync(_ann, "keyed_a");
        Assert.All(server.Requests, request => Assert.Equal(("Bearer k", "t", "JanServer"), (request.Headers["Authorization"], request.Headers["X-Team"], request.Headers["User-Agent"])));
    }

    [Fact]
    public async Task A_forgotten_session_is_begun_anew()
    {
        await using var server = await TestMcpServer.StartAsync(true, "a");
        await Client.RegisterAsync(new { label = "again", url = server.Url });
        await service.ToolOf(_ann, "again_a");
        await service.CallAsync(_ann, "again_a");
        server.Forget();
        Assert.Equal("called a", (await service.CallAsync(_ann, "again_a")).Text());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changed_tools_are_seen_when_the_server_says_so(bool hasSessions)
    {
        await using var server = await TestMcpServer.StartAsync(hasSessions, "first");
        await Client.RegisterAsync(new { label = "hot", url = server.Url });
        await service.ToolOf(_ann, "hot_first");
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = service.Services.GetRequiredService<SignalBus>().Subscribe(signal =>
        {
            if (signal.Kind == SignalKind.ToolsChanged && signal.User == _ann.UserId.Value)
            {
                heard.TrySetResult();
            }
        });

        server.Add("second");
        await Eventually.True(async () =>
        {
            await server.NotifyAsync();
            return (await service.ToolsOf(_ann)).Any(tool => tool.Name == "hot_second");
        });

        await heard.Task.Soon();
    }

    [Fact]
    public async Task Odd_schemas_harm_nobody()
    {
        await using var server = await TestMcpServer.StartAsync();
        server.RawList = """{"tools":[7,null,{"name":"odd","inputSchema":{"type":"array"},"outputSchema":[]},{"name":"good","inputSchema":{"type":"object","properties":{"a":{"$ref":"http://127.0.0.1/x"}}}}]}""";
        await Client.RegisterAsync(new { label = "odd", url = server.Url });
        await service.ToolOf(_ann, "odd_odd");
        await service.ToolOf(_ann, "odd_good");
        Assert.Equal("called odd", (await service.CallAsync(_ann, "odd_odd")).Text());
    }

    private sealed class Progress : IProgress<ProgressNotificationValue>
    {
        public TaskCompletionSource<ProgressNotificationValue> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Report(ProgressNotificationValue value) => Heard.TrySetResult(value);
    }
}

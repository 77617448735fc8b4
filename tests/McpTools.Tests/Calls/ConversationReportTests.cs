using System.Text.Json;
using JanServer.McpTools.Tests.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Calls;

public sealed class ConversationReportTests : IAsyncLifetime
{
    private const string Path = "/v1/conversations/conv_1/items/by-call-id/call_1";

    private readonly FakeTool _tool = new("act", """{"type":"object","properties":{"q":{"type":"string"}}}""");
    private readonly Caller _caller = TestCallers.User().ByApiKey(Scopes.Tools);
    private ToolService _service = null!;

    public async Task InitializeAsync() =>
        _service = await ToolService.StartedAsync(_tool, new FakeTool("broken") { Unavailable = "there is no key." });

    public async Task DisposeAsync() => await ((IAsyncLifetime)_service).DisposeAsync();

    [Fact]
    public async Task The_conversation_is_told_of_a_result_for_its_owner()
    {
        _service.LlmApi.Always(Path, exchange => exchange.JsonAsync("{}"));
        _tool.OnCall = (_, _) => Task.FromResult(JanServer.McpTools.Tools.ToolResults.Of(JsonElement.Parse("""{"n":1}""")));

        await CallAsync("act", """{"q":"a"}""");
        var told = await ToldAsync();

        Assert.Equal("PATCH", told.Method);
        Assert.Equal(
            """{"status":"completed","output":"{\u0022n\u0022:1}","name":"act","arguments":"{\u0022q\u0022:\u0022a\u0022}","server_label":"Jan MCP Server"}""",
            told.Text);
        Assert.NotNull(told.Header(CallerTokens.HeaderName));
        await QueueIsEmptyAsync();
    }

    [Fact]
    public async Task It_is_told_of_failures_of_every_kind()
    {
        _service.LlmApi.Always(Path, exchange => exchange.JsonAsync("{}"));
        _tool.OnCall = (_, _) => Task.FromResult(new CallToolResult { Content = [new TextContentBlock { Text = "no" }], IsError = true });

        await CallAsync("act");
        Assert.Equal(("failed", "no"), StatusOf(await ToldAsync()));

        await CallAsync("broken");
        Assert.Equal(("failed", "The tool 'broken' cannot be used: there is no key."), StatusOf(await ToldAsync()));

        await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync("act", """{"q":1}"""));
        Assert.Equal("failed", StatusOf(await ToldAsync()).Status);
    }

    [Fact]
    public async Task It_is_told_again_until_it_hears()
    {
        _service.LlmApi.Next(Path, exchange => exchange.ErrorAsync(503, "service_unavailable", "Later."));
        _service.LlmApi.Next(Path, exchange =>
        {
            exchange.Abort();
            return Task.CompletedTask;
        });
        _service.LlmApi.Next(Path, exchange => exchange.JsonAsync("{}"));

        await CallAsync("act");
        for (var i = 0; i < 3; i++)
        {
            await ToldAsync();
            await _service.Database.ExecuteAsync("UPDATE call_reports SET due_at = now() WHERE due_at > now() + interval '1 minute'");
        }

        await QueueIsEmptyAsync();
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(403)]
    public async Task It_is_told_once_where_telling_again_is_no_use(int status)
    {
        _service.LlmApi.Next(Path, exchange => exchange.ErrorAsync(status, "not_found", "No."));

        await CallAsync("act");
        await ToldAsync();

        await QueueIsEmptyAsync();
    }

    [Fact]
    public async Task Telling_is_given_up_after_its_attempts()
    {
        await using var service = new ToolService { ["McpTools:Calls:MaxReports"] = "2" };
        service.Add(new("act"));
        await service.InitializeAsync();
        service.LlmApi.Always(Path, exchange => exchange.ErrorAsync(500, "internal_error", "Never."));
        service.Start();

        await service.CallAsync("act", caller: _caller, conversation: "conv_1", callId: "call_1");

        await Eventually.True(async () => await service.Database.ScalarAsync<long>("SELECT count(*) FROM call_reports") == 0);
        Assert.Equal(2, service.LlmApi.Requests.Count(request => request.Path == Path));
    }

    [Fact]
    public async Task Nobody_is_told_when_tracking_is_off()
    {
        await using var service = new ToolService { ["MCP_TRACKING_ENABLED"] = "false" };
        service.Add(new("act"));
        await service.InitializeAsync();
        service.Start();

        await service.CallAsync("act", caller: _caller, conversation: "conv_1", callId: "call_1");

        await Eventually.True(async () => await service.Database.ScalarAsync<long>("SELECT count(*) FROM tool_calls") == 1);
        Assert.Equal(0, await service.Database.ScalarAsync<long>("SELECT count(*) FROM call_reports"));
    }

    private static (string Status, string? Error) StatusOf(RecordedRequest told) =>
        ((string)told.Json["status"]!, (string?)told.Json["error"]);

    private Task<CallToolResult> CallAsync(string tool, string arguments = "{}") =>
        _service.CallAsync(tool, arguments, _caller, conversation: "conv_1", callId: "call_1");

    private async Task<RecordedRequest> ToldAsync()
    {
        while (true)
        {
            if (await _service.LlmApi.ArrivalAsync() is { Path: Path } told)
            {
                return told;
            }
        }
    }

    private Task QueueIsEmptyAsync() =>
        Eventually.True(async () => await _service.Database.ScalarAsync<long>("SELECT count(*) FROM call_reports") == 0);
}

using JanServer.Testing;
using JanServer.Testing.Identity;
using ModelContextProtocol;

namespace JanServer.McpTools.Tests.Tools;

public sealed class ToolCatalogueTests(ToolCatalogueTests.Service service) : IClassFixture<ToolCatalogueTests.Service>
{
    private const string Schema =
        """
        {"type":"object","properties":{"q":{"type":"string","minLength":1},"num":{"type":"integer","minimum":1,"maximum":10},
        "items":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"}},"additionalProperties":false}}},
        "required":["q"],"additionalProperties":false}
        """;

    public sealed class Service : ToolService
    {
        public Service()
        {
            this["McpTools:Timeouts:slow"] = "1";
            this["McpTools:MaxCallsPerUser"] = "2";
            this["McpTools:MaxWaitingPerUser"] = "1";
            Strict = Add(new("strict", Schema));
            Open = Add(new("open", """{"type":"object","properties":{"user_id":{"type":"string"}}}"""));
            Slow = Add(new("slow"));
            Left = Add(new("left"));
            Busy = Add(new("busy"));
            Broken = Add(new("broken") { Unavailable = "no key is configured." });
        }

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            LlmApi.Always("/v1/conversations/conv_1/items/by-call-id/call_1", exchange => exchange.JsonAsync("{}"));
            LlmApi.Always("/v1/conversations/conv_2/items/by-call-id/call_2", exchange => exchange.JsonAsync("{}"));
        }

        internal FakeTool Strict { get; }

        internal FakeTool Open { get; }

        internal FakeTool Slow { get; }

        internal FakeTool Broken { get; }

        internal FakeTool Left { get; }

        internal FakeTool Busy { get; }
    }

    [Fact]
    public async Task A_tool_that_cannot_work_is_not_listed_and_says_why_when_it_is_called()
    {
        service.Start();
        var listed = await service.Catalogue.ListAsync(TestCallers.User(), CancellationToken.None);

        var result = await service.CallAsync("broken");

        Assert.Contains(listed, tool => tool.Name == "strict");
        Assert.DoesNotContain(listed, tool => tool.Name == "broken");
        Assert.True(result.IsError);
        Assert.Equal("The tool 'broken' cannot be used: no key is configured.", result.Text());
        Assert.Equal(0, service.Broken.Calls);
    }

    [Fact]
    public async Task An_unknown_tool_is_an_error_of_the_protocol()
    {
        service.Start();

        var error = await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync("nothing"));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
    }

    [Theory]
    [InlineData("""{}""", "\"q\"")]
    [InlineData("""{"q":""}""", "'q'")]
    [InlineData("""{"q":1}""", "'q'")]
    [InlineData("""{"q":"a","num":11}""", "'num'")]
    [InlineData("""{"q":"a","number":1}""", "'number' is not known to this tool")]
    [InlineData("""{"q":"a","items":[{"name":"b"},{"name":2}]}""", "'items[1].name'")]
    [InlineData("""{"q":"a","items":[{"title":"b"}]}""", "'items[0].title' is not known to this tool")]
    [InlineData("""[1]""", "must be a JSON object")]
    public async Task Arguments_that_the_schema_does_not_allow_are_refused_by_their_path(string arguments, string named)
    {
        service.Start();
        var before = service.Strict.Calls;

        var error = await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync("strict", arguments));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, service.Strict.Calls);
    }

    [Fact]
    public async Task Ids_that_clients_add_to_the_arguments_are_taken_out_and_stand_in_for_headers()
    {
        service.Start();
        var caller = TestCallers.User();

        await service.CallAsync("strict", """{"q":"a","tool_call_id":"call_1","request_id":"r","conversation_id":"conv_1","user_id":"someone"}""", caller);
        var call = service.Strict.Last!;

        Assert.Equal("""{"q":"a"}""", call.Arguments.GetRawText());
        Assert.Equal(("call_1", "conv_1"), (call.CallId, call.ConversationId));
        Assert.Equal(caller, call.Caller);
    }

    [Fact]
    public async Task Headers_win_over_ids_in_the_arguments_and_what_the_schema_declares_stays()
    {
        service.Start();

        await service.CallAsync("open", """{"user_id":"someone","tool_call_id":"call_1"}""", conversation: "conv_2", callId: "call_2");
        var call = service.Open.Last!;

        Assert.Equal("""{"user_id":"someone"}""", call.Arguments.GetRawText());
        Assert.Equal(("call_2", "conv_2"), (call.CallId, call.ConversationId));
    }

    [Fact]
    public async Task Nulls_in_the_place_of_optional_arguments_are_taken_out_and_others_are_refused()
    {
        service.Start();

        await service.CallAsync("strict", """{"q":"a","num":null}""");
        Assert.Equal("""{"q":"a"}""", service.Strict.Last!.Arguments.GetRawText());

        await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync("strict", """{"q":null}"""));
        await Assert.ThrowsAsync<McpProtocolException>(() => service.CallAsync("strict", """{"q":"a","other":null}"""));
    }

    [Fact]
    public async Task A_tool_that_does_not_end_in_time_is_stopped()
    {
        service.Slow.OnCall = async (_, ct) =>
        {
            await new TaskCompletionSource().Task.WaitAsync(ct);
            return FakeTool.Text("late");
        };
        service.Start();

        var result = await service.CallAsync("slow");

        Assert.True(result.IsError);
        Assert.Contains("within 1 seconds", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_in_a_tool_is_a_result_without_its_message()
    {
        service.Open.OnCall = (_, _) => throw new InvalidOperationException("secret");
        service.Start();

        var result = await service.CallAsync("open");
        service.Open.OnCall = (_, _) => Task.FromResult(FakeTool.Text("done"));

        Assert.True(result.IsError);
        Assert.DoesNotContain("secret", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_has_a_bounded_number_of_calls_at_once_and_no_other_user_waits_for_them()
    {
        var go = new TaskCompletionSource();
        service.Busy.OnCall = async (_, ct) =>
        {
            await go.Task.WaitAsync(ct);
            return FakeTool.Text("done");
        };
        service.Start();
        var caller = TestCallers.User();

        var first = service.CallAsync("busy", caller: caller);
        var second = service.CallAsync("busy", caller: caller);
        await Eventually.True(() => service.Busy.Calls == 2);
        var third = service.CallAsync("busy", caller: caller);
        var refused = await service.CallAsync("busy", caller: caller);
        var other = await service.CallAsync("strict", """{"q":"a"}""");

        Assert.Equal(2, service.Busy.Calls);
        Assert.True(refused.IsError);
        Assert.Equal("done", other.Text());
        go.SetResult();
        Assert.All(await Task.WhenAll(first, second, third).Soon(), result => Assert.Equal("done", result.Text()));
    }

    [Fact]
    public async Task A_client_that_leaves_stops_its_tool()
    {
        var (begun, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Left.OnCall = async (_, ct) =>
        {
            begun.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(ct);
                return FakeTool.Text("late");
            }
            finally
            {
                stopped.SetResult();
            }
        };
        service.Start();
        using var leaving = new CancellationTokenSource();

        var call = service.CallAsync("left", ct: leaving.Token);
        await begun.Task.Soon();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await stopped.Task.Soon();
    }
}

using JanServer.McpTools.Calls;
using JanServer.McpTools.Protocol;
using JanServer.McpTools.Tests.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Calls;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private readonly FakeTool _tool = new("act");
    private readonly FakeTool _reading = new("look") { Annotations = new() { ReadOnlyHint = true } };
    private readonly Caller _caller = TestCallers.User();
    private ToolService _service = null!;

    public async Task InitializeAsync() => _service = await ToolService.StartedAsync(_tool, _reading);

    public async Task DisposeAsync() => await ((IAsyncLifetime)_service).DisposeAsync();

    [Fact]
    public async Task Calls_with_one_key_at_once_have_one_effect_and_one_result()
    {
        var go = new TaskCompletionSource();
        _tool.OnCall = async (_, ct) =>
        {
            await go.Task.WaitAsync(ct);
            return FakeTool.Text($"call {_tool.Calls}");
        };

        var calls = Enumerable.Range(0, 10).Select(_ => CallAsync()).ToList();
        await Eventually.True(() => _tool.Calls > 0);
        go.SetResult();

        Assert.All(await Task.WhenAll(calls).Soon(), result => Assert.Equal("call 1", result.Text()));
        Assert.Equal("call 1", (await CallAsync()).Text());
        Assert.Equal(1, _tool.Calls);
        await Eventually.True(async () => await _service.Database.ScalarAsync<long>("SELECT count(*) FROM tool_calls") == 1);
    }

    [Fact]
    public async Task Replicas_share_the_key()
    {
        var other = new FakeTool("act");
        await using var replica = new ToolService { ["ConnectionStrings:mcptoolsdb"] = _service.Database.ConnectionString };
        replica.Add(other);
        await replica.InitializeAsync();
        replica.Start();
        var go = new TaskCompletionSource();
        _tool.OnCall = async (_, ct) =>
        {
            await go.Task.WaitAsync(ct);
            return FakeTool.Text("from the first");
        };

        var first = CallAsync();
        await Eventually.True(() => _tool.Calls > 0);
        var second = replica.CallAsync("act", caller: _caller, key: "key");
        go.SetResult();

        Assert.Equal("from the first", (await second).Text());
        Assert.Equal("from the first", (await first).Text());
        Assert.Equal(0, other.Calls);
    }

    [Fact]
    public async Task A_call_runs_to_its_end_when_its_client_leaves_and_its_result_is_kept()
    {
        var go = new TaskCompletionSource();
        _tool.OnCall = async (_, ct) =>
        {
            await go.Task.WaitAsync(ct);
            return FakeTool.Text("kept");
        };
        using var leaving = new CancellationTokenSource();

        var left = _service.CallAsync("act", caller: _caller, key: "key", ct: leaving.Token);
        await Eventually.True(() => _tool.Calls > 0);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        go.SetResult();

        Assert.Equal("kept", (await CallAsync()).Text());
        Assert.Equal(1, _tool.Calls);
    }

    [Fact]
    public async Task A_tool_speaks_for_its_caller_when_the_client_has_left()
    {
        var go = new TaskCompletionSource();
        _service.LlmApi.Next("/v1/models", exchange => exchange.JsonAsync("{}"));
        _tool.OnCall = async (_, ct) =>
        {
            await go.Task.WaitAsync(ct);
            var client = _service.Services.GetRequiredService<IHttpClientFactory>().CreateClient("llm-api");
            using var response = await client.GetAsync(new Uri("v1/models", UriKind.Relative), ct);
            return FakeTool.Text("asked");
        };
        using var leaving = new CancellationTokenSource();

        var left = _service.CallAsync("act", caller: _caller, key: "key", ct: leaving.Token);
        await Eventually.True(() => _tool.Calls > 0);
        await leaving.CancelAsync();
        go.SetResult();
        await CallAsync();

        var token = _service.LlmApi.Requests.Single(request => request.Path == "/v1/models").Header(CallerTokens.HeaderName)!;
        Assert.True(_service.Services.GetRequiredService<CallerTokens>().TryValidate(token, out var caller));
        Assert.Equal(_caller.UserId, caller.UserId);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
    }

    [Fact]
    public async Task The_log_of_a_client_that_has_left_is_told_nothing()
    {
        var go = new TaskCompletionSource();
        List<string> log = [];
        ClientDialogue client = new(new(), new Dictionary<string, InputResponse>(), null, (_, logger, _, _) =>
        {
            log.Add(logger);
            return default;
        });
        _tool.OnCall = async (call, ct) =>
        {
            await call.Client!.LogAsync(LoggingLevel.Info, "before", FakeTool.Json("1"), ct);
            await go.Task.WaitAsync(ct);
            await call.Client.LogAsync(LoggingLevel.Info, "after", FakeTool.Json("2"), ct);
            return FakeTool.Text("kept");
        };
        using var leaving = new CancellationTokenSource();

        var left = _service.Catalogue.CallAsync(new("act", _caller, FakeTool.Json("{}")) { IdempotencyKey = "key", Client = client }, leaving.Token).AsTask();
        await Eventually.True(() => log.Count > 0);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        go.SetResult();

        Assert.Equal("kept", (await CallAsync()).Text());
        Assert.Equal(["before"], log);
    }

    [Fact]
    public async Task A_failure_is_a_result_like_any_other()
    {
        _tool.OnCall = (_, _) => Task.FromResult(new CallToolResult { Content = [new TextContentBlock { Text = "no" }], IsError = true });

        await CallAsync();
        var again = await CallAsync();

        Assert.True(again.IsError);
        Assert.Equal("no", again.Text());
        Assert.Equal(1, _tool.Calls);
    }

    [Fact]
    public async Task A_key_stands_for_one_tool_and_its_arguments()
    {
        Assert.Equal("done", (await CallAsync("""{"a":1,"b":[{"c":2,"d":3}]}""")).Text());

        Assert.Equal("done", (await CallAsync("""{"b":[{"d":3,"c":2}],"a":1}""")).Text());
        var other = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync("""{"a":2}"""));
        await Assert.ThrowsAsync<McpProtocolException>(() => _service.CallAsync("look", """{"a":1,"b":[{"c":2,"d":3}]}""", _caller, "key"));

        Assert.Equal(McpErrorCode.InvalidParams, other.ErrorCode);
        Assert.Equal(1, _tool.Calls);
    }

    [Fact]
    public async Task A_tool_that_asks_the_client_is_called_again_with_the_answers()
    {
        _tool.OnCall = (_, _) => _tool.Calls == 1
            ? throw new InputRequiredException(new Dictionary<string, InputRequest>(), "state")
            : Task.FromResult(FakeTool.Text("answered"));

        await Assert.ThrowsAsync<InputRequiredException>(() => CallAsync());

        Assert.Equal("answered", (await CallAsync()).Text());
        Assert.Equal("answered", (await CallAsync()).Text());
        Assert.Equal(2, _tool.Calls);
        await Eventually.True(async () => await _service.Database.ScalarAsync<long>("SELECT count(*) FROM tool_calls") == 1);
    }

    [Fact]
    public async Task A_key_is_the_users_own()
    {
        await CallAsync();
        await _service.CallAsync("act", key: "key");

        Assert.Equal(2, _tool.Calls);
    }

    [Fact]
    public async Task What_a_dead_process_left_is_not_repeated_when_it_may_have_had_an_effect()
    {
        await LeaveBehindAsync("act", lease: "-1 second");

        var result = await CallAsync();
        var again = await CallAsync();

        Assert.True(result.IsError);
        Assert.Contains("outcome", result.Text(), StringComparison.Ordinal);
        Assert.Contains("not repeated", again.Text(), StringComparison.Ordinal);
        await Eventually.True(async () => await _service.Database.ScalarAsync<long>("SELECT count(*) FROM tool_calls WHERE failure = 'outcome_unknown'") == 1);
        Assert.Equal(0, _tool.Calls);
    }

    [Fact]
    public async Task What_a_dead_process_left_is_run_again_when_it_only_reads()
    {
        await LeaveBehindAsync("look", lease: "-1 second");

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _service.CallAsync("look", caller: _caller, key: "key")));

        Assert.All(results, result => Assert.Equal("done", result.Text()));
        Assert.Equal(1, _reading.Calls);
    }

    [Fact]
    public async Task A_process_that_lives_is_waited_for()
    {
        await LeaveBehindAsync("act", lease: "1 hour");

        var waiting = CallAsync();
        var json = Convert.ToHexString(CallText.Write(FakeTool.Text("theirs")));
        await _service.Database.ExecuteAsync($@"UPDATE call_keys SET result = '\x{json}'");

        Assert.Equal("theirs", (await waiting).Text());
        Assert.Equal(0, _tool.Calls);
    }

    [Fact]
    public async Task A_call_that_runs_keeps_its_lease()
    {
        await using var quick = new ToolService { ["McpTools:Calls:LeaseSeconds"] = "3" };
        var tool = quick.Add(new("act"));
        await quick.InitializeAsync();
        quick.Start();
        var go = new TaskCompletionSource();
        tool.OnCall = async (_, ct) =>
        {
            await go.Task.WaitAsync(ct);
            return FakeTool.Text("done");
        };

        var call = quick.CallAsync("act", caller: _caller, key: "key");
        await Eventually.True(() => tool.Calls > 0);
        await quick.Database.ExecuteAsync("UPDATE call_keys SET lease_until = now()");
        await Eventually.True(async () => await quick.Database.ScalarAsync<bool>("SELECT lease_until > now() FROM call_keys"));
        go.SetResult();

        Assert.Equal("done", (await call).Text());
    }

    [Fact]
    public async Task A_key_is_forgotten_after_its_time()
    {
        await CallAsync();
        await _service.Database.ExecuteAsync("UPDATE call_keys SET expires_at = now()");
        await CallAsync();
        Assert.Equal(2, _tool.Calls);

        await _service.Database.ExecuteAsync("UPDATE call_keys SET expires_at = now()");
        await ((CallRetention)_service.Services.GetService(typeof(CallRetention))!).RemoveAsync(CancellationToken.None);

        Assert.Equal(0, await _service.Database.ScalarAsync<long>("SELECT count(*) FROM call_keys"));
    }

    [Fact]
    public async Task A_result_that_is_too_large_is_given_once()
    {
        _tool.OnCall = (_, _) => Task.FromResult(FakeTool.Text(new string('x', 5 << 20)));

        Assert.Equal(5 << 20, (await CallAsync()).Text().Length);
        var again = await CallAsync();

        Assert.True(again.IsError);
        Assert.Equal(1, _tool.Calls);
    }

    [Fact]
    public async Task Nothing_happens_while_the_key_cannot_be_looked_up()
    {
        await _service.Database.GoAwayAsync();

        var result = await CallAsync();

        Assert.True(result.IsError);
        Assert.Contains("was not called", result.Text(), StringComparison.Ordinal);
        Assert.Equal(0, _tool.Calls);
        await _service.Database.ComeBackAsync();
    }

    private Task<CallToolResult> CallAsync(string arguments = "{}") => _service.CallAsync("act", arguments, _caller, "key");

    /// <summary>What a process leaves that was killed in a call.</summary>
    private async Task LeaveBehindAsync(string tool, string lease)
    {
        var claim = CallClaim.Of(new(tool, _caller, FakeTool.Json("{}")) { IdempotencyKey = "key" }, _service.Clock.GetUtcNow());
        await _service.Database.ExecuteAsync(
            $@"INSERT INTO call_keys (user_id, key, tool, arguments, run_id, lease_until, expires_at)
               VALUES ('{claim.User}', 'key', '{tool}', '\x{Convert.ToHexString(claim.Arguments)}', '{claim.Run}', now() + interval '{lease}', now() + interval '1 day')");
    }
}

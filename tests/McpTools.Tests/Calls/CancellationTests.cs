using System.Net;
using JanServer.Contracts.Tools;
using JanServer.McpTools.Tests.Protocol;
using JanServer.McpTools.Tests.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.McpTools.Tests.Calls;

/// <summary>Calls with idempotency keys are cancelled in the way of response-api: with its own client, and at either replica.</summary>
public sealed class CancellationTests(Replicas replicas) : IClassFixture<Replicas>
{
    private readonly Caller _caller = TestCallers.User();
    private readonly string _tool = $"waits_{Guid.NewGuid():n}";
    private readonly Running _here = new();
    private readonly Running _there = new();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_call_is_cancelled_by_its_key_and_not_run_again(bool elsewhere, bool hasLeft)
    {
        AddTools();
        using var leave = new CancellationTokenSource();
        var call = Call("key");
        var running = Client(replicas.First).CallAsync(call, leave.Token);
        await _here.Begun.Task.Soon();
        if (hasLeft)
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        await Client(elsewhere ? replicas.Second : replicas.First).CancelAsync(call, "Nobody waits.", CancellationToken.None).Soon();

        await _here.Cancelled.Task.Soon();
        if (!hasLeft)
        {
            AssertCancelled((await running.Soon()).Result);
        }

        AssertCancelled((await Client(replicas.First).CallAsync(call, CancellationToken.None).Soon()).Result);
        AssertCancelled((await Client(replicas.Second).CallAsync(call, CancellationToken.None).Soon()).Result);
        Assert.Equal(1, _here.Calls);
        Assert.Equal(0, _there.Calls);
        await Eventually.True(async () => await replicas.First.Database.ScalarAsync<string>(
            $"SELECT status || ' ' || failure FROM tool_calls WHERE tool = '{_tool}'") == "cancelled cancelled");
    }

    [Fact]
    public async Task A_key_cancels_nothing_of_another_user_and_no_other_call()
    {
        AddTools();
        var ours = Client(replicas.First).CallAsync(Call("key"), CancellationToken.None);
        await _here.Begun.Task.Soon();
        var stranger = TestCallers.User();
        var theirs = Client(replicas.First, stranger).CallAsync(Call("key"), CancellationToken.None);
        await Eventually.True(() => _here.Calls == 2);

        await Client(replicas.Second).CancelAsync(Call("other"), "Nobody waits.", CancellationToken.None).Soon();
        await Client(replicas.Second).CancelAsync(Call(null), "Nobody waits.", CancellationToken.None).Soon();
        await Client(replicas.Second).CancelAsync(Call(new string('k', 300)), "Nobody waits.", CancellationToken.None).Soon();
        await Client(replicas.Second, stranger).CancelAsync(Call("key"), "Nobody waits.", CancellationToken.None).Soon();

        // Signals come in their order: when the last one has been heard, so have the others.
        AssertCancelled((await theirs.Soon()).Result);
        Assert.False(ours.IsCompleted);
        _here.Release.SetResult();
        Assert.False((await ours.Soon()).Result!.IsError);
    }

    [Fact]
    public async Task In_a_session_the_id_of_the_request_cancels_the_call_too()
    {
        AddTools();
        var (first, second) = await replicas.ConnectAsync(caller: _caller);
        var running = first.Client.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":"slow","method":"tools/call","params":{"name":"{{{_tool}}}"}}""",
            "application/json, text/event-stream",
            ("Mcp-Session-Id", first.Id),
            ("MCP-Protocol-Version", first.Revision),
            ("Idempotency-Key", "in-session"));
        await _here.Begun.Task.Soon();

        using var accepted = await second.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"slow"}}""");

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await _here.Cancelled.Task.Soon();
        using var answer = await running;
        Assert.DoesNotContain("result", await answer.Content.ReadAsStringAsync().Soon(), StringComparison.Ordinal);
        AssertCancelled((await Client(replicas.First).CallAsync(Call("in-session"), CancellationToken.None).Soon()).Result);
        Assert.Equal(1, _here.Calls);
    }

    private static void AssertCancelled(McpToolResult? result)
    {
        Assert.True(result!.IsError);
        Assert.Contains("was cancelled", result.Content.Single().GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private McpToolCall Call(string? key) => new(_tool, FakeTool.Json("{}"), "call_1", key);

    private McpToolsClient Client(ProtocolService replica, Caller? caller = null) => new(replica.ClientFor(caller ?? _caller));

    private void AddTools()
    {
        replicas.First.Tools.Add(_tool, async (_, ct) => await _here.RunAsync(ct));
        replicas.Second.Tools.Add(_tool, async (_, ct) => await _there.RunAsync(ct));
    }

    /// <summary>A tool that runs until it is released or cancelled.</summary>
    private sealed class Running
    {
        private int _calls;

        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource Cancelled { get; } = new();

        public TaskCompletionSource Release { get; } = new();

        public int Calls => _calls;

        public async Task<ModelContextProtocol.Protocol.CallToolResult> RunAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref _calls);
            Begun.TrySetResult();
            try
            {
                await Release.Task.WaitAsync(ct);
            }
            catch (OperationCanceledException)
            {
                Cancelled.TrySetResult();
                throw;
            }

            return FakeTool.Text("done");
        }
    }
}

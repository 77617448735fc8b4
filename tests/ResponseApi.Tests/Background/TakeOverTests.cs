using System.Text.Json;
using JanServer.ResponseApi.Background;
using JanServer.ResponseApi.Responses;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Streams;
using Microsoft.Extensions.DependencyInjection;
using FakeMcpTools = JanServer.ResponseApi.Tests.Tools.FakeMcpTools;

namespace JanServer.ResponseApi.Tests.Background;

/// <summary>What became of tool calls when the replica that made them is gone.</summary>
public sealed class TakeOverTests
{
    private static readonly object Request = new
    {
        model = "m",
        input = "Search",
        background = true,
        stream = true,
        tools = new[] { new { type = "web_search" } },
    };

    [Fact]
    public async Task A_call_that_was_finished_is_not_made_again()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Text("found"));
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        var dying = await service.ReplicaAsync(Settings(mcp));
        using var there = dying.Anonymous();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Calls(("call_1", "google_search", "{}"));
        var second = new TaskCompletionSource();
        service.Llm.NextChat(async exchange =>
        {
            second.SetResult();
            await exchange.ClientGone;
        });
        using var stream = await client.StreamAsync(Request);
        var begin = (await stream.NextAsync())!;
        var id = (string)begin.Json["response"]!["id"]!;
        await second.Task.Soon();

        service.Llm.Says("Done");
        await LoseAsync(service);
        await using var heir = await service.ReplicaAsync(Settings(mcp));
        using var here = heir.Anonymous();

        var ended = await client.BecomesAsync(id, "completed");
        Assert.Equal("Done", ended.OutputText());
        Assert.Single(mcp.Asked("tools/call"));
        var execution = ended.GetProperty("tool_executions").EnumerateArray().Single();
        Assert.Equal(("call_1", "completed"), (execution.Text("call_id"), execution.Text("status")));
        Assert.Equal(["web_search_call", "message"], ended.GetProperty("output").EnumerateArray().Select(item => item.Text("type")));
        Assert.Contains("found", service.Llm.Requests.Last().Text, StringComparison.Ordinal);
        Assert.Equal(2, ended.GetProperty("execution_metadata").GetProperty("model_calls").GetInt32());
        await WithoutGapsAsync(begin, stream);
        await dying.DisposeAsync();
    }

    [Fact]
    public async Task A_call_that_was_under_way_is_made_again_under_the_same_key()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Text("found"));
        var calls = 0;
        var calling = new TaskCompletionSource();
        mcp.Upstream.Always(FakeMcpTools.Route, exchange =>
        {
            if ((string?)exchange.Request.Json["method"] != "tools/call" || Interlocked.Increment(ref calls) > 1)
            {
                return mcp.AnswerAsync(exchange);
            }

            calling.SetResult();
            return exchange.StallAsync();
        });
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        var dying = await service.ReplicaAsync(Settings(mcp));
        using var there = dying.Anonymous();
        using var client = service.ClientFor(TestCallers.User());
        service.Llm.Calls(("call_1", "google_search", "{}"));
        using var stream = await client.StreamAsync(Request);
        var begin = (await stream.NextAsync())!;
        await calling.Task.Soon();

        service.Llm.Says("Done");
        await LoseAsync(service);
        await using var heir = await service.ReplicaAsync(Settings(mcp));
        using var here = heir.Anonymous();

        var ended = await client.BecomesAsync((string)begin.Json["response"]!["id"]!, "completed");
        Assert.Equal("Done", ended.OutputText());
        var keys = mcp.Asked("tools/call").Select(call => call.Header("Idempotency-Key")).ToList();
        Assert.Equal([keys[0], keys[0]], keys);
        Assert.Equal($"{ended.Text("id")}:call_1", keys[0]);
        Assert.Equal(["web_search_call", "message"], ended.GetProperty("output").EnumerateArray().Select(item => item.Text("type")));
        Assert.Equal("completed", ended.GetProperty("tool_executions").EnumerateArray().Single().Text("status"));
        await WithoutGapsAsync(begin, stream);
        await dying.DisposeAsync();
    }

    [Fact]
    public async Task A_call_whose_end_was_shown_and_not_kept_ends_at_the_same_place()
    {
        await using var mcp = (await FakeMcpTools.StartAsync()).With("google_search", _ => FakeMcpTools.Text("found"));
        await using var service = await ResponseService.StartAsync(("Background:Workers", "0"));
        using var client = service.ClientFor(TestCallers.User());
        using var stream = await client.StreamAsync(Request);
        var begin = (await stream.NextAsync())!;
        var id = (string)begin.Json["response"]!["id"]!;
        await DieAfterTheEndOfACallAsync(service, "ws_1");

        service.Llm.Says("Done");
        await using var heir = await service.ReplicaAsync(Settings(mcp));
        using var here = heir.Anonymous();

        var ended = await client.BecomesAsync(id, "completed");
        Assert.Equal(["msg_1", "ws_1"], ended.GetProperty("output").EnumerateArray().Select(item => item.Text("id")).Take(2));
        Assert.Equal(3, ended.GetProperty("output").GetArrayLength());
        SseEvent[] events = [begin, .. await stream.RestAsync()];
        Assert.Equal(Enumerable.Range(0, events.Length), events.Select(one => (int)one.Json["sequence_number"]!));
        var shown = events.Where(one => (string?)one.Json["item"]?["id"] == "ws_1").ToList();
        Assert.Equal(
            ["response.output_item.added", "response.output_item.done", "response.output_item.done"], shown.Select(one => one.Event));
        Assert.All(shown, one => Assert.Equal(1, (int)one.Json["output_index"]!));
        Assert.Equal(1, await service.Database.ScalarAsync<int>("SELECT outputs_before FROM tool_executions"));
    }

    /// <summary>A replica says something and makes a call, shows the end of both and dies before the checkpoint after the call.</summary>
    private static async Task DieAfterTheEndOfACallAsync(ResponseService service, string item)
    {
        var store = service.Services.GetRequiredService<RunStore>();
        var queries = service.Services.GetRequiredService<ResponseQueries>();
        var claim = (await store.ClaimQueuedAsync(default))!;
        var response = (await queries.FindForRunAsync(claim.Id, default))!;
        response.Progress.Status = "in_progress";
        response.Progress.Output.Add(JsonElement.Parse(
            """{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Wait.","annotations":[],"logprobs":[]}]}"""));
        (response.Progress.ModelCalls, response.Progress.NextOutputIndex) = (1, 1);
        response.Progress.Executions.Add(new()
        {
            CallId = "call_1",
            ItemId = item,
            ToolName = "google_search",
            Arguments = "{}",
            Order = 1,
            ModelCall = 1,
            OutputsBefore = 1,
            Status = ToolStatus.InProgress,
            StartedAt = DateTimeOffset.UnixEpoch,
        });
        Assert.True(await store.CheckpointAsync(response, claim.Lease, default));
        Assert.Equal(1, Assert.Single((await queries.FindForRunAsync(claim.Id, default))!.Progress.Executions).OutputsBefore);
        await service.Database.ExecuteAsync(
            $$$"""
            INSERT INTO response_events (response_id, sequence, type, data)
            SELECT id, sequence, type, convert_to(format('{"type":"%s","sequence_number":%s,"output_index":%s,"item":{"id":"%s","type":"any"}}', type, sequence, index, item), 'UTF8')
            FROM responses, (VALUES (2, 0, 'msg_1', 'response.output_item.added'), (3, 0, 'msg_1', 'response.output_item.done'),
                (4, 1, '{{{item}}}', 'response.output_item.added'), (5, 1, '{{{item}}}', 'response.output_item.done')) AS event (sequence, index, item, type)
            """);
        await LoseAsync(service);
    }

    private static (string, string)[] Settings(FakeMcpTools mcp) =>
        [("Background:Workers", "1"), ("services:mcp-tools:http:0", mcp.Upstream.BaseAddress.GetLeftPart(UriPartial.Authority))];

    /// <summary>The replica goes on, as one does that was only cut off; by the database's clock its lease is over.</summary>
    private static Task<int> LoseAsync(ResponseService service) =>
        service.Database.ExecuteAsync("UPDATE responses SET lease_until = now() - interval '1 second' WHERE status = 'in_progress'");

    /// <summary>Every number once, and every item that begins ends once.</summary>
    private static async Task WithoutGapsAsync(SseEvent begin, SseReader stream)
    {
        SseEvent[] events = [begin, .. await stream.RestAsync()];
        Assert.Equal(Enumerable.Range(0, events.Length).Select(number => (long)number), events.Select(one => (long)one.Json["sequence_number"]!));
        var added = events.Where(one => one.Event == "response.output_item.added").Select(one => (int)one.Json["output_index"]!).ToList();
        var done = events.Where(one => one.Event == "response.output_item.done").Select(one => (int)one.Json["output_index"]!).ToList();
        Assert.Equal(added.Order(), done.Order());
        Assert.Equal(added.Distinct().Count(), added.Count);
        Assert.Equal("response.completed", events[^1].Event);
    }
}

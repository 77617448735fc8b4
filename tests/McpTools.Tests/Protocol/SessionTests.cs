using System.Net;
using System.Text.Json.Nodes;
using JanServer.McpTools.Protocol.Signals;
using JanServer.McpTools.Tools;
using JanServer.Testing;
using JanServer.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>The revisions with a handshake, with requests of one session at two replicas.</summary>
public sealed class SessionTests(Replicas replicas) : IClassFixture<Replicas>
{
    private static readonly string[] ListsChanged =
    [
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/tools/list_changed",
    ];

    [Theory]
    [InlineData("2025-03-26", "2025-03-26")]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2025-11-25", "2025-11-25")]
    [InlineData("1999-01-01", "2025-11-25")]
    public async Task A_session_works_at_every_replica_until_its_client_ends_it(string asked, string agreed)
    {
        var (first, second) = await replicas.ConnectAsync(asked);
        Assert.Equal(agreed, (string)first.Handshake["protocolVersion"]!);
        Assert.Matches("^[!-~]{32,}$", first.Id);

        Assert.NotNull((await first.AskAsync("tools/list"))["result"]);
        Assert.NotNull((await second.AskAsync("tools/list"))["result"]);
        Assert.Equal(HttpStatusCode.NoContent, await second.EndAsync());

        using var answer = await first.PostAsync(first.Client.Request("tools/list"));
        Assert.Equal(-32001, (await answer.McpAsync(HttpStatusCode.NotFound)).Code());
        Assert.Equal(HttpStatusCode.NotFound, await first.EndAsync());
    }

    [Fact]
    public async Task A_session_is_its_users_in_that_project_only()
    {
        var ann = TestCallers.User();
        var (session, _) = await replicas.ConnectAsync(caller: ann);

        foreach (var stranger in new[] { TestCallers.User(), ann with { ProjectId = TestCallers.User().ProjectId } })
        {
            using var theirs = session.On(new(replicas.First.ClientFor(stranger)));
            using var answer = await theirs.PostAsync(theirs.Client.Request("tools/list"));
            await answer.McpAsync(HttpStatusCode.NotFound);
            Assert.Equal(HttpStatusCode.NotFound, await theirs.EndAsync());
        }

        Assert.NotNull((await session.AskAsync("ping"))["result"]);
    }

    [Fact]
    public async Task The_oldest_of_too_many_sessions_ends()
    {
        await using var service = new ProtocolService();
        service["McpServer:MaxSessionsPerUser"] = "2";
        await service.InitializeAsync();
        using var client = service.Client();
        var first = await McpSession.ConnectAsync(client);
        var second = await McpSession.ConnectAsync(client);
        var third = await McpSession.ConnectAsync(client);

        using var gone = await first.PostAsync(client.Request("ping"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.NotNull((await second.AskAsync("ping"))["result"]);
        Assert.NotNull((await third.AskAsync("ping"))["result"]);
    }

    [Fact]
    public async Task An_unknown_version_in_the_header_is_refused_with_those_that_are_known()
    {
        using var client = replicas.First.Client();

        using var answer = await client.PostAsync(client.Request("tools/list"), null, ("MCP-Protocol-Version", "2099-01-01"));

        var message = await answer.McpAsync(HttpStatusCode.BadRequest);
        Assert.Equal(-32022, message.Code());
        Assert.Contains("2025-11-25", message["error"]!["data"]!["supported"]!.AsArray().Select(version => (string)version!));
    }

    [Fact]
    public async Task A_changed_list_is_told_to_the_streams_of_every_replica_and_only_to_those_it_concerns()
    {
        var ann = TestCallers.User();
        var (first, second) = await replicas.ConnectAsync(caller: ann);
        var (other, _) = await replicas.ConnectAsync();
        using var stream = await second.ListenAsync();
        using var others = await other.ListenAsync();
        var changes = replicas.First.Services.GetRequiredService<IListChanges>();

        await changes.ToolsChangedAsync(ann.UserId, CancellationToken.None);
        Assert.Equal("notifications/tools/list_changed", (string)(await stream.NextAsync())!.Json["method"]!);

        await changes.PromptsChangedAsync(null, CancellationToken.None);
        Assert.Equal("notifications/prompts/list_changed", (string)(await stream.NextAsync())!.Json["method"]!);
        Assert.Equal("notifications/prompts/list_changed", (string)(await others.NextAsync())!.Json["method"]!);
        first.Dispose();
    }

    [Fact]
    public async Task Updates_of_a_resource_come_while_it_is_subscribed_to()
    {
        var (first, second) = await replicas.ConnectAsync();
        using var stream = await first.ListenAsync();
        var changes = replicas.Second.Services.GetRequiredService<IListChanges>();

        Assert.NotNull((await second.AskAsync("resources/subscribe", """{"uri":"test://a"}"""))["result"]);
        await changes.ResourceUpdatedAsync("test://b", null, CancellationToken.None);
        await changes.ResourceUpdatedAsync("test://a", null, CancellationToken.None);
        var updated = (await stream.NextAsync())!.Json;
        Assert.Equal("notifications/resources/updated", (string)updated["method"]!);
        Assert.Equal("test://a", (string)updated["params"]!["uri"]!);

        Assert.NotNull((await second.AskAsync("resources/unsubscribe", """{"uri":"test://a"}"""))["result"]);
        await changes.ResourceUpdatedAsync("test://a", null, CancellationToken.None);
        await changes.ResourcesChangedAsync(null, CancellationToken.None);
        Assert.Equal("notifications/resources/list_changed", (string)(await stream.NextAsync())!.Json["method"]!);
    }

    [Fact]
    public async Task A_newer_stream_of_a_session_takes_the_place_of_the_older_at_another_replica()
    {
        var (first, second) = await replicas.ConnectAsync();
        using var older = await first.ListenAsync();
        using var newer = await second.ListenAsync();

        Assert.Empty(await older.RestAsync());
        await replicas.First.Services.GetRequiredService<IListChanges>().ToolsChangedAsync(null, CancellationToken.None);
        Assert.NotNull(await newer.NextAsync());
    }

    [Fact]
    public async Task Of_streams_that_are_opened_at_once_one_stays()
    {
        var (first, second) = await replicas.ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            var streams = await Task.WhenAll(first.ListenAsync(), second.ListenAsync(), first.ListenAsync());
            var nexts = streams.Select(stream => stream.NextAsync()).ToList();
            await Eventually.True(() => nexts.Count(next => next.IsCompleted && next.Result is null) == 2);

            await replicas.First.Services.GetRequiredService<IListChanges>().ToolsChangedAsync(null, CancellationToken.None);

            Assert.Single(await Task.WhenAll(nexts), next => next is not null);
            Array.ForEach(streams, stream => stream.Dispose());
        }
    }

    [Fact]
    public async Task A_stream_ends_with_its_session()
    {
        var (first, second) = await replicas.ConnectAsync();
        using var stream = await first.ListenAsync();

        await second.EndAsync();

        Assert.Empty(await stream.RestAsync());
    }

    [Fact]
    public async Task A_silent_stream_is_kept_alive()
    {
        var (first, _) = await replicas.ConnectAsync();
        using var stream = await first.ListenAsync();
        var next = stream.NextAsync();

        await Eventually.True(() => stream.Comments.Count >= 2);

        await replicas.Second.Services.GetRequiredService<IListChanges>().ToolsChangedAsync(null, CancellationToken.None);
        Assert.NotNull(await next);
    }

    [Fact]
    public async Task When_signals_were_missed_everything_may_have_changed()
    {
        // A service of its own: the streams of other tests would hear it too.
        await using var service = new ProtocolService();
        await service.InitializeAsync();
        using var client = service.Client();
        var session = await McpSession.ConnectAsync(client);
        using var stream = await session.ListenAsync();

        await using (var connection = await service.Database.DataSource.OpenConnectionAsync())
        await using (var command = new Npgsql.NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'", connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        List<string> methods = [];
        for (var i = 0; i < 3; i++)
        {
            methods.Add((string)(await stream.NextAsync())!.Json["method"]!);
        }

        Assert.Equal(ListsChanged, methods.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_tool_asks_its_client_whose_answer_may_come_to_another_replica()
    {
        replicas.First.Tools.Add("asks", (call, _) => call.Client!.Answers.TryGetValue("name", out var answer)
            ? new(ToolResults.Of(answer.RawValue))
            : throw new InputRequiredException(new Dictionary<string, InputRequest>
            {
                ["name"] = InputRequest.ForElicitation(new() { Message = "Your name?", RequestedSchema = new() }),
            }));
        var (first, second) = await replicas.ConnectAsync();
        using var answer = await first.PostAsync(first.Client.Request("tools/call", """{"name":"asks"}"""));
        using var stream = await Testing.Streams.SseReader.OpenAsync(answer);

        var question = (await stream.NextAsync())!.Json;
        Assert.Equal("elicitation/create", (string)question["method"]!);
        Assert.Equal("Your name?", (string)question["params"]!["message"]!);
        var reply = $$$"""{"jsonrpc":"2.0","id":{{{question["id"]!.ToJsonString()}}}, "result":{"action":"accept","content":{"name":"Ann"} } }""";

        // Not by someone else, and only once.
        using var stranger = second.On(replicas.Second.Client());
        using var foreign = await stranger.PostAsync(reply);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var accepted = await second.PostAsync(reply);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        var result = (await stream.NextAsync())!.Json["result"]!;
        Assert.Equal("Ann", (string)result["structuredContent"]!["content"]!["name"]!);
        using var again = await second.PostAsync(reply);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    [Fact]
    public async Task A_question_that_a_client_cannot_answer_is_not_asked()
    {
        replicas.First.Tools.Add("samples", (_, _) => throw new InputRequiredException(new Dictionary<string, InputRequest>
        {
            ["s"] = new() { Method = "sampling/createMessage", Params = System.Text.Json.JsonElement.Parse("""{"messages":[],"maxTokens":1}""") },
        }));
        replicas.First.Tools.Add("elicits", (_, _) => throw new InputRequiredException(new Dictionary<string, InputRequest>
        {
            ["e"] = InputRequest.ForElicitation(new() { Message = "?", RequestedSchema = new() }),
        }));
        var (session, _) = await replicas.ConnectAsync();

        using var cannot = await session.PostAsync(session.Client.Request("tools/call", """{"name":"samples"}"""));
        Assert.Equal(-32021, (await cannot.McpAsync(HttpStatusCode.BadRequest)).Code());

        // It could, but has no way to hear the question.
        using var deaf = await session.PostAsync(session.Client.Request("tools/call", """{"name":"elicits"}"""), "application/json");
        Assert.Equal(-32600, (await deaf.McpAsync()).Code());
    }

    [Fact]
    public async Task A_request_is_cancelled_through_another_replica()
    {
        var cancelled = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        replicas.First.Tools.Add("endless", async (_, ct) =>
        {
            using var registration = ct.Register(() => cancelled.TrySetResult());
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, ct);
            throw new InvalidOperationException("Never.");
        });
        var (first, second) = await replicas.ConnectAsync();
        var running = first.PostAsync("""{"jsonrpc":"2.0","id":"slow","method":"tools/call","params":{"name":"endless"}}""");
        await begun.Task.Soon();

        using var accepted = await second.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"slow"}}""");

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await cancelled.Task.Soon();
        using var answer = await running.Soon();
        Assert.DoesNotContain("result", await answer.Content.ReadAsStringAsync().Soon(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_level_of_log_messages_is_the_sessions()
    {
        replicas.Second.Tools.Add("logs", async (call, ct) =>
        {
            await call.Client!.LogAsync(LoggingLevel.Info, "test", JsonNode.Parse("\"hello\"").Element(), ct);
            return ToolResults.Of(call.Arguments);
        });
        var (first, second) = await replicas.ConnectAsync();
        using var silent = await second.PostAsync(second.Client.Request("tools/call", """{"name":"logs"}"""));
        Assert.NotNull((await silent.McpAsync())["result"]);

        Assert.Equal("{}", (await first.AskAsync("logging/setLevel", """{"level":"debug"}"""))["result"]!.ToJsonString());

        using var told = await second.PostAsync(second.Client.Request("tools/call", """{"name":"logs"}"""));
        Assert.Equal("hello", (string)(await told.EventsAsync())[0]["params"]!["data"]!);
        Assert.Equal(-32602, (await first.AskAsync("logging/setLevel", """{"level":"loud"}""")).Code());
    }

    [Fact]
    public async Task A_batch_is_of_the_sessions_revision()
    {
        var (with, _) = await replicas.ConnectAsync("2025-03-26");
        using var answer = await with.Client.PostAsync($"[{with.Client.Request("ping")}]", null, ("Mcp-Session-Id", with.Id));
        Assert.Single((JsonArray)await answer.McpAsync());

        var (without, _) = await replicas.ConnectAsync("2025-06-18");
        using var refused = await without.Client.PostAsync($"[{without.Client.Request("ping")}]", null, ("Mcp-Session-Id", without.Id));
        await refused.McpAsync(HttpStatusCode.BadRequest);
    }
}

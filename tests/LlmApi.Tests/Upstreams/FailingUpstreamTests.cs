using System.Net;
using System.Text.Json.Nodes;
using JanServer.Testing;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Upstreams;

/// <summary>One provider that fails in every way there is. Its circuit never opens here: no five failures come in a row.</summary>
public class FailingUpstreamTests(FailingUpstreamTests.Host api) : IClassFixture<FailingUpstreamTests.Host>
{
    /// <summary>Waits that end soon.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host()
        {
            this["Completions:StreamIdle"] = "00:00:00.300";
            this["Completions:Heartbeat"] = "00:00:00.100";
            this["Completions:MaxEventBytes"] = "100000";
            this["Completions:MaxResponseBytes"] = "100000";
            this["Completions:MaxRequestBytes"] = "100000";
            this["Upstreams:RetryPause"] = "00:00:00";
            this["Providers:0:TimeoutSeconds"] = "1";
        }
    }

    [Theory]
    [InlineData(400, "invalid_value", 400)]
    [InlineData(401, "upstream_error", 502)]
    [InlineData(403, "upstream_error", 502)]
    [InlineData(404, "model_not_found", 404)]
    [InlineData(413, "request_too_large", 413)]
    [InlineData(418, "upstream_error", 502)]
    [InlineData(422, "invalid_value", 422)]
    [InlineData(429, "rate_limit_exceeded", 429)]
    [InlineData(302, "upstream_error", 502)]
    public async Task An_upstreams_status_becomes_ours(int status, string code, int expected)
    {
        api.Upstream.NextChat(x => x.ErrorAsync(status, "their_code", "their words"));
        await AssertErrorAsync(LlmApiRequests.Chat, expected, code);
        api.Upstream.NextChat(x => x.ErrorAsync(status, "their_code", "their words"));
        await AssertErrorAsync(LlmApiRequests.ChatStream, expected, code);
        await SucceedAsync();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_server_error_is_tried_once_more_and_then_a_502(int status)
    {
        api.Upstream.NextChat(x => x.ErrorAsync(status, "x", "boom"));
        api.Upstream.NextChat(x => x.ErrorAsync(status, "x", "boom"));
        await AssertErrorAsync(LlmApiRequests.Chat, 502, "upstream_error");

        api.Upstream.NextChat(x => x.ErrorAsync(status, "x", "boom"));
        await SucceedAsync();
    }

    [Fact]
    public async Task A_limit_of_the_upstream_says_when_to_come_back()
    {
        api.Upstream.NextChat(x =>
        {
            x.Header("Retry-After", "17");
            return x.ErrorAsync(429, "rate_limit", "slow down");
        });
        using var response = await api.Client().ChatAsync();
        Assert.Equal(TimeSpan.FromSeconds(17), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_message_of_the_upstream_is_shown_without_addresses_and_secrets()
    {
        api.Upstream.NextChat(x => x.JsonAsync(
            """{"error":{"message":"bad key upstream-key-0 or sk-abcdef123456 at http://10.0.0.7:8000/v1/x from 10.0.0.9:123","param":"messages[0]","code":"x"}}""", 400));
        using var response = await api.Client().ChatAsync();
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("bad key [redacted] or [redacted] at [address] from [address]", error["message"]!.GetValue<string>());
        Assert.Equal("messages[0]", error["param"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("text/html", "<html>login</html>")]
    [InlineData("application/json", "[1]")]
    [InlineData("application/json", "{\"model\":")]
    [InlineData("application/json", "{} trailing")]
    [InlineData("text/event-stream", "data: {}\n\n")]
    public async Task A_plain_answer_that_is_no_JSON_object_is_a_502(string type, string body)
    {
        api.Upstream.NextChat(x => x.AnswerAsync(body, type));
        await AssertErrorAsync(LlmApiRequests.Chat, 502, "upstream_error");
        await SucceedAsync();
    }

    [Fact]
    public async Task An_answer_of_200_that_is_an_error_is_one()
    {
        api.Upstream.NextChat(x => x.JsonAsync("""{"error":{"message":"no GPU left","code":500}}"""));
        await AssertErrorAsync(LlmApiRequests.Chat, 502, "upstream_error");
        api.Upstream.NextChat(x => x.EventAsync("""{"error":{"message":"too long","code":400}}"""));
        await AssertErrorAsync(LlmApiRequests.ChatStream, 400, "invalid_value");
        await SucceedAsync();
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_a_502()
    {
        api.Upstream.NextChat(x => x.JsonAsync($$"""{"x":"{{new string('x', 200_000)}}"}"""));
        await AssertErrorAsync(LlmApiRequests.Chat, 502, "upstream_error");
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_a_413()
    {
        var body = LlmApiRequests.Chat.Replace("hi", new string('x', 200_000), StringComparison.Ordinal);
        using var response = await api.Client().ChatAsync(body);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("data: [DONE]\n\n", 2)]
    [InlineData("<html>\n\n", 2)]
    [InlineData("data: hello\n\n", 1)]
    public async Task A_stream_without_a_first_chunk_is_a_502(string text, int tries)
    {
        for (var i = 0; i < tries; i++)
        {
            api.Upstream.NextChat(x => x.RawAsync(text));
        }

        await AssertErrorAsync(LlmApiRequests.ChatStream, 502, "upstream_error");
        await SucceedAsync();
    }

    [Theory]
    [InlineData("", "upstream_error")]
    [InlineData("data: {\"choices\":[{\"delta\":", "upstream_error")]
    [InlineData("data: garbage\n\n", "upstream_error")]
    [InlineData("data: [1]\n\n", "upstream_error")]
    [InlineData("data: {\"error\":{\"message\":\"out of memory\"}}\n\n", "upstream_error")]
    [InlineData("data: {\"error\":\"out of memory\"}\n\n", "upstream_error")]
    [InlineData("data: {\"id\":\"x\",\"choices\":[],\"error\":{\"code\":429,\"message\":\"slow\"}}\n\n", "rate_limit_exceeded")]
    public async Task A_stream_that_breaks_ends_with_an_error_event_and_DONE(string end, string code)
    {
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            if (end.Length > 0)
            {
                await x.RawAsync(end);
            }
        });
        var events = await BrokenAsync();
        Assert.Equal(code, events[1].Json["error"]!["code"]!.GetValue<string>());
        Assert.NotNull(events[1].Json["request_id"]);
        await SucceedAsync();
    }

    [Fact]
    public async Task A_stream_whose_connection_is_reset_ends_with_an_error_event_and_DONE()
    {
        var read = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await read.Task.Soon();
            x.Abort();
        });
        using var response = await api.Client().StreamAsync();
        using var reader = await SseReader.OpenAsync(response);
        Assert.NotNull(await reader.NextAsync());
        read.SetResult();
        var rest = await reader.RestAsync();
        Assert.Equal("upstream_error", rest[0].Json["error"]!["code"]!.GetValue<string>());
        Assert.True(rest[1].IsDone);
        await SucceedAsync();
    }

    [Fact]
    public async Task A_stream_that_stalls_is_given_up_and_the_upstream_is_told()
    {
        var gone = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await x.StallAsync();
            gone.SetResult();
        });
        var events = await BrokenAsync();
        Assert.Equal("upstream_timeout", events[1].Json["error"]!["code"]!.GetValue<string>());
        await gone.Task.Soon();
        await SucceedAsync();
    }

    [Fact]
    public async Task An_event_that_is_too_large_ends_the_stream()
    {
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await x.RawAsync("data: " + new string('x', 200_000));
            await x.StallAsync();
        });
        await BrokenAsync();
    }

    [Fact]
    public async Task A_silent_upstream_is_bridged_by_comments_and_its_late_failure_is_an_event()
    {
        var beaten = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            await beaten.Task.Soon();
            await x.ErrorAsync(400, "x", "late");
        });
        using var response = await api.Client().StreamAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync();
        var comment = new byte[": keep-alive\n\n".Length];
        await body.ReadExactlyAsync(comment).AsTask().Soon();
        Assert.Equal(": keep-alive\n\n", System.Text.Encoding.UTF8.GetString(comment));
        beaten.SetResult();
        using var reader = new SseReader(body);
        var events = await reader.RestAsync();
        Assert.Equal("late", events[0].Json["error"]!["message"]!.GetValue<string>());
        Assert.True(events[1].IsDone);
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public async Task An_upstream_that_only_comments_is_alive_and_its_client_still_gets_heartbeats()
    {
        var beaten = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            while (!beaten.Task.IsCompleted)
            {
                await x.RawAsync(": working\n\n");
            }

            await x.EventAsync(OpenAIShapes.FinishChunk());
            await x.DoneAsync();
        });
        using var response = await api.Client().StreamAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        string? line;
        do
        {
            line = await reader.ReadLineAsync().Soon();
            Assert.NotEqual(": working", line);
        }
        while (line is not (": keep-alive" or null));

        beaten.SetResult();
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync().Soon(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_request_that_no_one_answers_is_a_504()
    {
        api.Upstream.NextChat(x => x.StallAsync());
        await AssertErrorAsync(LlmApiRequests.Chat, 504, "upstream_timeout");
        await SucceedAsync();
    }

    private async Task<IReadOnlyList<SseEvent>> BrokenAsync()
    {
        using var response = await api.Client().StreamAsync();
        using var reader = await SseReader.OpenAsync(response);
        var events = await reader.RestAsync();
        Assert.Equal(3, events.Count);
        Assert.NotNull(events[1].Json["error"]);
        Assert.True(events[2].IsDone);
        return events;
    }

    private async Task SucceedAsync()
    {
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("ok")));
        using var response = await api.Client().ChatAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task AssertErrorAsync(string body, int status, string code)
    {
        using var response = await api.Client().ChatAsync(body);
        Assert.Equal(status, (int)response.StatusCode);
        var envelope = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(code, envelope["error"]!["code"]!.GetValue<string>());
        Assert.NotNull(envelope["request_id"]);
    }
}

using System.Net;
using JanServer.Testing;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Completions;

public class StreamTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private const string WithUsage =
        """{"model":"vendor/model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task A_stream_is_relayed_byte_for_byte_with_the_clients_model_id()
    {
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync("""{"id":"c","model":"fake-model","choices":[{"index":0,"delta":{"content":"hé"},"finish_reason":null}]}""");
            await x.EventAsync("""{"id":"c", "choices":[{"index":0,"delta":{},"finish_reason":"stop"}] ,"model":"fake-model"}""");
            await x.DoneAsync();
        });
        using var response = await api.Client().StreamAsync();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal(
            """data: {"id":"c","model":"vendor/model","choices":[{"index":0,"delta":{"content":"hé"},"finish_reason":null}]}""" + "\n\n"
            + """data: {"id":"c", "choices":[{"index":0,"delta":{},"finish_reason":"stop"}] ,"model":"vendor/model"}""" + "\n\n"
            + "data: [DONE]\n\n",
            await response.Content.ReadAsStringAsync().Soon());
    }

    [Fact]
    public async Task An_event_reaches_the_client_before_the_upstream_sends_the_next()
    {
        var read = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("one"));
            await read.Task.Soon();
            await x.EventAsync(OpenAIShapes.FinishChunk());
            await x.DoneAsync();
        });
        using var response = await api.Client().StreamAsync();
        using var events = await SseReader.OpenAsync(response);
        Assert.Equal("one", (await events.NextAsync())!.Json["choices"]![0]!["delta"]!["content"]!.GetValue<string>());
        read.SetResult();
        Assert.Equal(2, (await events.RestAsync()).Count);
    }

    [Fact]
    public async Task Usage_is_always_asked_for_and_shown_only_to_who_asked()
    {
        api.Upstream.NextChat(x => OpenAIShapes.StreamAsync(x, "a", "b"));
        var hidden = await EventsAsync(LlmApiRequests.ChatStream);
        Assert.Equal(4, hidden.Count);
        Assert.DoesNotContain("usage", string.Concat(hidden.Select(e => e.Data)), StringComparison.Ordinal);
        Assert.True(hidden[^1].IsDone);

        api.Upstream.NextChat(x => OpenAIShapes.StreamAsync(x, "a", "b"));
        var shown = await EventsAsync(WithUsage);
        Assert.Equal(5, shown.Count);
        Assert.Equal(2, shown[^2].Json["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Usage_on_a_chunk_with_choices_is_cut_out_of_it()
    {
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync("""{"model":"fake-model","choices":[{"delta":{"content":"a"}}],"usage":null}""");
            await x.EventAsync("""{"usage":{"prompt_tokens":1,"completion_tokens":2},"choices":[{"delta":{},"finish_reason":"stop"}],"model":"fake-model"}""");
            await x.DoneAsync();
        });
        var events = await EventsAsync(LlmApiRequests.ChatStream);
        Assert.Equal("""{"model":"vendor/model","choices":[{"delta":{"content":"a"}}]}""", events[0].Data);
        Assert.Equal("""{"usage":null,"choices":[{"delta":{},"finish_reason":"stop"}],"model":"vendor/model"}""", events[1].Data);
    }

    [Theory]
    [InlineData("data: [DONE]\n\n")]
    [InlineData("")]
    [InlineData("data: [DONE]\n\ndata: [DONE]\n\n")]
    [InlineData("data: [DONE]\n\ndata: {\"late\":true}\n\n")]
    [InlineData("data: [DONE]")]
    public async Task Done_is_sent_exactly_once_and_last(string end)
    {
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await x.EventAsync(OpenAIShapes.FinishChunk());
            if (end.Length > 0)
            {
                await x.RawAsync(end);
            }
        });
        var events = await EventsAsync(LlmApiRequests.ChatStream);
        Assert.Equal(3, events.Count);
        Assert.Single(events, e => e.IsDone);
        Assert.True(events[^1].IsDone);
    }

    [Fact]
    public async Task Odd_framing_is_understood_and_made_even()
    {
        api.Upstream.NextChat(async x =>
        {
            await x.RawAsync("\uFEFF: welcome\r\n\r\nevent: message\r\nid: 1\r\ndata:{\"model\":\r\n");
            await x.RawAsync("data: \"fake-model\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r");
            await x.RawAsync("\n: ping\n\ndata: {\"choices\":[{\"finish_reason\":\"stop\"}]}\r\rdata: [DONE]\r\r");
        });
        using var response = await api.Client().StreamAsync();
        Assert.Equal(
            "data: {\"model\": \"vendor/model\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
            + "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
            await response.Content.ReadAsStringAsync().Soon());
    }

    [Fact]
    public async Task A_whole_answer_to_a_stream_request_becomes_a_stream()
    {
        api.Upstream.NextChat(x => x.JsonAsync(
            """{"id":"c","object":"chat.completion","model":"fake-model","choices":[{"index":0,"message":{"role":"assistant","content":"a","tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}"""));
        var events = await EventsAsync(WithUsage);
        Assert.Equal(
            """{"id":"c","object":"chat.completion.chunk","model":"vendor/model","choices":[{"index":0,"delta":{"role":"assistant","content":"a","tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""",
            events[0].Data);
        Assert.Equal(
            """{"id":"c","object":"chat.completion.chunk","model":"vendor/model","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
            events[1].Data);
        Assert.True(events[2].IsDone);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_upstreams_work()
    {
        var gone = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await x.StallAsync();
            gone.SetResult();
        });
        using (var response = await api.Client().StreamAsync())
        {
            using var events = await SseReader.OpenAsync(response);
            Assert.NotNull(await events.NextAsync());
        }

        await gone.Task.Soon();
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_first_event_ends_the_upstreams_work()
    {
        var arrived = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        api.Upstream.NextChat(async x =>
        {
            arrived.SetResult();
            await x.StallAsync();
            gone.SetResult();
        });
        using var leave = new CancellationTokenSource();
        var asked = api.Client().StreamAsync(ct: leave.Token);
        await arrived.Task.Soon();
        await leave.CancelAsync();
        await gone.Task.Soon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    private async Task<IReadOnlyList<SseEvent>> EventsAsync(string body)
    {
        using var response = await api.Client().StreamAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var events = await SseReader.OpenAsync(response);
        return await events.RestAsync();
    }
}

using System.Net;
using System.Text;
using JanServer.Testing;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.Gateway.Tests.Forwarding;

public sealed class StreamingTests(GatewayFactory gateway) : IClassFixture<GatewayFactory>
{
    [Fact]
    public async Task An_event_arrives_before_the_next_exists()
    {
        var seen = new TaskCompletionSource();
        using var events = await OpenAsync(async exchange =>
        {
            await exchange.EventAsync("""{"n":1}""");
            await seen.Task.Soon();
            await exchange.EventAsync("""{"n":2}""");
            await exchange.DoneAsync();
        });

        Assert.Equal("""{"n":1}""", (await events.NextAsync())?.Data);
        seen.SetResult();
        Assert.Equal(["""{"n":2}""", "[DONE]"], (await events.RestAsync()).Select(next => next.Data));
    }

    [Fact]
    public async Task A_client_that_hangs_up_ends_the_request_behind_the_gateway()
    {
        var gone = new TaskCompletionSource();
        var events = await OpenAsync(async exchange =>
        {
            await exchange.EventAsync("{}");
            await exchange.ClientGone;
            gone.SetResult();
        });

        await events.NextAsync();
        events.Dispose();
        await gone.Task.Soon();
    }

    [Fact]
    public async Task A_service_killed_between_events_leaves_an_error_and_done()
    {
        var seen = new TaskCompletionSource();
        using var events = await OpenAsync(async exchange =>
        {
            await exchange.EventAsync("""{"n":1}""");
            await seen.Task.Soon();
            exchange.Abort();
        });

        Assert.Equal("""{"n":1}""", (await events.NextAsync())?.Data);
        seen.SetResult();
        await AssertRescuedAsync(events);
    }

    [Fact]
    public async Task A_service_killed_in_the_middle_of_an_event_never_leaves_half_of_it()
    {
        var seen = new TaskCompletionSource();
        using var events = await OpenAsync(async exchange =>
        {
            await exchange.RawAsync("data: {\"n\":1}\n\ndata: {\"n\":2,\"text\":\"a ha");
            await exchange.RawAsync("lf");
            await seen.Task.Soon();
            exchange.Abort();
        });

        Assert.Equal("""{"n":1}""", (await events.NextAsync())?.Data);
        seen.SetResult();
        await AssertRescuedAsync(events);
    }

    [Fact]
    public async Task A_stream_that_ends_without_done_is_an_error_too()
    {
        using var events = await OpenAsync(exchange => exchange.RawAsync("data: {\"n\":1}\n\ndata: {\"n\":"));
        Assert.Equal("""{"n":1}""", (await events.NextAsync())?.Data);
        await AssertRescuedAsync(events);
    }

    [Fact]
    public async Task After_done_a_broken_connection_adds_nothing()
    {
        var seen = new TaskCompletionSource();
        using var events = await OpenAsync(async exchange =>
        {
            await exchange.RawAsync("data: {\"n\":1}\n\ndata: [DONE]\n\n");
            await seen.Task.Soon();
            exchange.Abort();
        });

        await events.NextAsync();
        Assert.True((await events.NextAsync())?.IsDone);
        seen.SetResult();
        Assert.Empty(await events.RestAsync());
    }

    [Fact]
    public async Task Bytes_pass_as_they_are_however_they_are_cut()
    {
        var text = new StringBuilder(": a comment\r\n\r\n");
        for (var i = 0; i < 300; i++)
        {
            text.Append("event: chunk\ndata: {\"i\":").Append(i).Append(",\"t\":\"").Append('ü', i * 7 % 90).Append(i % 3 == 0 ? "\"}\r\n\r\n" : "\"}\n\n");
        }

        // One event larger than the copy buffer of the proxy.
        text.Append("data: {\"big\":\"").Append('x', 200_000).Append("\"}\n\ndata: [DONE]\n\n");
        var sent = text.ToString();
        var path = Serve(async exchange =>
        {
            var at = 0;
            for (var length = 1; at < sent.Length; length = (length * 3 % 4001) + 1)
            {
                var piece = sent.Substring(at, Math.Min(length, sent.Length - at));
                await exchange.RawAsync(piece);
                at += piece.Length;
            }
        });

        using var client = gateway.ClientWith(gateway.NewKey());
        Assert.Equal(sent, await client.GetStringAsync(new Uri(path, UriKind.Relative)).Soon());
    }

    [Fact]
    public async Task A_stream_of_another_protocol_may_end_without_done()
    {
        var path = $"/v1/tests/{Guid.CreateVersion7():N}";
        gateway.LlmApi.Always(path, exchange => exchange.RawAsync("event: end\ndata: {}\n\n"));
        using var client = gateway.ClientWith(gateway.NewKey());
        Assert.Equal("event: end\ndata: {}\n\n", await client.GetStringAsync(new Uri(path, UriKind.Relative)).Soon());
    }

    private static async Task AssertRescuedAsync(SseReader events)
    {
        var rest = await events.RestAsync();
        Assert.Equal(2, rest.Count);
        Assert.Equal("upstream_error", rest[0].Json["error"]!["code"]!.GetValue<string>());
        Assert.NotNull(rest[0].Json["request_id"]);
        Assert.True(rest[1].IsDone);
    }

    private async Task<SseReader> OpenAsync(Func<FakeExchange, Task> script)
    {
        var client = gateway.ClientWith(gateway.NewKey());
        var response = await client.GetAsync(new Uri(Serve(script), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).Soon();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return await SseReader.OpenAsync(response);
    }

    private string Serve(Func<FakeExchange, Task> script)
    {
        var path = $"/v1/tests/{Guid.CreateVersion7():N}/completions";
        gateway.LlmApi.Always(path, script);
        return path;
    }
}

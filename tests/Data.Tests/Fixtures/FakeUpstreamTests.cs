using System.Net;
using System.Text;
using JanServer.Testing;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.Data.Tests.Fixtures;

public sealed class FakeUpstreamTests
{
    [Fact]
    public async Task The_test_decides_when_the_next_event_is_sent()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        using var http = new HttpClient();
        var more = new TaskCompletionSource();
        upstream.NextChat(async exchange =>
        {
            await exchange.RawAsync(": ping\n\n");
            await exchange.EventAsync(OpenAIShapes.Chunk("one"));
            await more.Task;
            await exchange.EventAsync(OpenAIShapes.Chunk("two"));
            await exchange.DoneAsync();
        });

        using var response = await StartAsync(http, upstream);
        using var events = await SseReader.OpenAsync(response);

        Assert.Equal("one", (await events.NextAsync())!.Json["choices"]![0]!["delta"]!["content"]!.GetValue<string>());
        more.SetResult();
        var rest = await events.RestAsync();
        Assert.Equal([false, true], rest.Select(e => e.IsDone));
        Assert.Equal(["ping"], events.Comments);
    }

    [Fact]
    public async Task A_client_that_hangs_up_is_noticed()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        using var http = new HttpClient();
        var gone = new TaskCompletionSource();
        upstream.NextChat(async exchange =>
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("one"));
            await exchange.StallAsync();
            gone.SetResult();
        });

        using (await StartAsync(http, upstream))
        {
            Assert.Equal("{\"model\":\"m\"}", (await upstream.ArrivalAsync()).Text);
        }

        await gone.Task.Soon();
    }

    [Fact]
    public async Task An_answer_can_break_off_in_the_middle()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        using var http = new HttpClient();
        var seen = new TaskCompletionSource();
        upstream.NextChat(async exchange =>
        {
            await exchange.RawAsync("data: {\"half");
            await seen.Task;
            exchange.Abort();
        });

        using var response = await StartAsync(http, upstream);
        seen.SetResult();

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.CopyToAsync(Stream.Null);
        });
    }

    [Fact]
    public async Task A_request_that_no_script_expects_fails_the_test()
    {
        var upstream = await FakeUpstream.StartAsync();
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(upstream.BaseAddress + "/models"));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await upstream.DisposeAsync());

        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Contains("GET /v1/models", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data: a\ndata: b\n\n", "a\nb")]
    [InlineData("data:a\r\n\r\n", "a")]
    [InlineData(": comment\nid: 7\nevent: x\ndata: a\n\n", "a")]
    [InlineData("data\n\n", "")]
    public async Task Events_are_read_as_the_standard_says(string stream, string data)
    {
        using var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes(stream)));

        Assert.Equal(data, (await reader.NextAsync())!.Data);
        Assert.Null(await reader.NextAsync());
    }

    [Fact]
    public async Task An_event_without_its_empty_line_is_none()
    {
        using var reader = new SseReader(new MemoryStream("data: half"u8.ToArray()));

        Assert.Null(await reader.NextAsync());
    }

    private static async Task<HttpResponseMessage> StartAsync(HttpClient http, FakeUpstream upstream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream.BaseAddress + "/chat/completions"));
        request.Content = new StringContent("{\"model\":\"m\"}");
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}

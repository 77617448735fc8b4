using System.Text.Json;

namespace JanServer.Inference.Tests.Chat;

public sealed class ChatStreamTests(EngineHost engine) : IClassFixture<EngineHost>
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task A_stream_begins_with_the_role_and_ends_with_the_reason_and_done()
    {
        var events = await engine.StreamAsync(
            Path,
            """{"model":"jan-demo","stream":true,"messages":[{"role":"user","content":"say one two three"}]}""");

        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(e => JsonElement.Parse(e)).ToArray();
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct());
        Assert.Equal("assistant", Delta(chunks[0]).GetProperty("role").GetString());
        Assert.Equal(["one", " two", " three"], chunks[1..^1].Select(chunk => Delta(chunk).GetProperty("content").GetString()!));
        Assert.All(chunks[..^1], chunk => Assert.Equal(JsonValueKind.Null, Finish(chunk).ValueKind));
        Assert.Equal("stop", Finish(chunks[^1]).GetString());
        Assert.DoesNotContain(chunks, chunk => chunk.TryGetProperty("usage", out _));
    }

    [Fact]
    public async Task Usage_comes_last_when_it_is_asked_for_and_equals_that_of_the_plain_answer()
    {
        const string messages = "\"messages\":[{\"role\":\"user\",\"content\":\"say one two three\"}]";
        var events = await engine.StreamAsync(
            Path,
            $$$"""{"model":"jan-demo","stream":true,"stream_options":{"include_usage":true},{{{messages}}}}""");
        var plain = await engine.PostAsync(Path, $$"""{"model":"jan-demo",{{messages}}}""");

        var last = JsonElement.Parse(events[^2]);
        Assert.Equal(0, last.GetProperty("choices").GetArrayLength());
        Assert.Equal(plain.Json.GetProperty("usage").GetRawText(), last.GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task A_stream_is_cut_by_a_stop_sequence_that_spans_tokens()
    {
        var events = await engine.StreamAsync(
            Path,
            """{"model":"jan-demo","stream":true,"stop":"o thre","messages":[{"role":"user","content":"say one two three four"}]}""");

        var deltas = events.SkipLast(1).Select(e => Delta(JsonElement.Parse(e)));
        var text = string.Concat(deltas.Select(delta => delta.TryGetProperty("content", out var content) ? content.GetString() : ""));
        Assert.Equal("one tw", text);
    }

    [Fact]
    public async Task A_slow_stream_stops_when_the_client_leaves()
    {
        using var slow = EngineHost.With(
            ("Inference:Demo:TokensPerSecond", "5"), ("Inference:MaxConcurrency", "1"), ("Inference:MaxQueue", "1"));
        using var client = slow.CreateClient();
        using (var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(
                """{"model":"jan-demo","stream":true,"messages":[{"role":"user","content":"Who are you?"}]}""",
                System.Text.Encoding.UTF8,
                "application/json"),
        })
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.StartsWith("data: ", await reader.ReadLineAsync(), StringComparison.Ordinal);
        }

        // The one place is free again only when the abandoned stream, which has some 20 s to go, has stopped.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var next = await client.PostAsync(
            new Uri(Path, UriKind.Relative),
            new StringContent(
                """{"model":"jan-demo","messages":[{"role":"user","content":"say hi"}]}""",
                System.Text.Encoding.UTF8,
                "application/json"),
            patience.Token);
        Assert.True(next.IsSuccessStatusCode);
    }

    private static JsonElement Finish(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("finish_reason");

    private static JsonElement Delta(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("delta");
}

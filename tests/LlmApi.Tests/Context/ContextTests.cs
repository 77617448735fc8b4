using System.Net;
using System.Text.Json.Nodes;
using JanServer.LlmApi.Context;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Context;

public class ContextTests(ContextTests.Host api) : IClassFixture<ContextTests.Host>
{
    /// <summary>Models whose context is 4,000 tokens.</summary>
    public sealed class Host : LlmApiFactory
    {
        public Host()
        {
            this["Context:DefaultLength"] = "4000";
            this["Context:LastUserTokens"] = "2000";
            this["Upstreams:ListingPeriod"] = "01:00:00";
        }
    }

    private RecordedRequest? _asked;

    [Fact]
    public async Task The_oldest_turns_go_and_the_client_is_told()
    {
        Expect("/v1/chat/completions");
        api.Upstream.Always("/tokenize", x => x.ErrorAsync(404, "x", "no such route"));
        var turns = string.Concat(Enumerable.Range(0, 10).Select(i => $$"""{"role":"user","content":"q{{i}} {{Text(1200)}}"},{"role":"assistant","content":"a{{i}}"},"""));
        using var response = await api.Client().ChatAsync(
            $$"""{"model":"vendor/model","messages":[{"role":"system","content":"s"}, {{turns}} {"role":"user","content":"last"}],"store":false}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("dropped=", response.Headers.GetValues(TrimReport.HeaderName).Single(), StringComparison.Ordinal);
        Assert.StartsWith("""{"model":"fake-model","messages":[{"role":"system","content":"s"}, {"role":"user","content":"q""", _asked!.Text, StringComparison.Ordinal);
        Assert.EndsWith(""" {"role":"user","content":"last"}]}""", _asked.Text, StringComparison.Ordinal);
        Assert.InRange(_asked.Json["messages"]!.AsArray().Count, 10, 18);
        Assert.EndsWith(",\"trimmed\":true}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disabled", false)]
    [InlineData("auto", true)]
    public async Task A_request_can_say_that_nothing_may_go(string truncation, bool trimmed)
    {
        Expect("/v1/chat/completions");
        api.Upstream.Always("/tokenize", x => x.ErrorAsync(404, "x", "no such route"));
        var turns = string.Concat(Enumerable.Range(0, 10).Select(i => $$"""{"role":"user","content":"q{{i}} {{Text(1200)}}"},{"role":"assistant","content":"a{{i}}"},"""));
        using var response = await api.Client().ChatAsync(
            $$"""{"model":"vendor/model","messages":[{{turns}} {"role":"user","content":"last"}],"truncation":"{{truncation}}"}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(trimmed, response.Headers.Contains(TrimReport.HeaderName));
        Assert.Equal(trimmed, _asked!.Json["messages"]!.AsArray().Count < 21);
        Assert.Null(_asked.Json["truncation"]);
    }

    [Theory]
    [InlineData("hi")]
    [InlineData("""[{\"a\":1},{\"type\":\"image\"}]""")]
    public async Task A_prompt_that_fits_goes_as_it_is_also_when_it_looks_like_parts(string text)
    {
        Expect("/v1/chat/completions");
        var body = $$"""{"model":"vendor/model","messages":[{"role":"user","content":"{{text}}"}]}""";
        using var response = await api.Client().ChatAsync(body);
        Assert.False(response.Headers.Contains(TrimReport.HeaderName));
        Assert.Equal(body.Replace("vendor/model", "fake-model", StringComparison.Ordinal), _asked!.Text);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData(",\"max_tokens\":2900", HttpStatusCode.BadRequest)]
    [InlineData(",\"max_completion_tokens\":2900", HttpStatusCode.BadRequest)]
    [InlineData(",\"max_completion_tokens\":100,\"max_tokens\":2900", HttpStatusCode.OK)]
    public async Task An_answer_that_is_asked_for_needs_its_place(string members, HttpStatusCode status)
    {
        api.Upstream.Always("/tokenize", x => x.ErrorAsync(404, "x", "no such route"));
        Expect("/v1/chat/completions", always: true);
        using var response = await api.Client().ChatAsync(
            $$"""{"model":"vendor/model","messages":[{"role":"system","content":"{{Text(5000)}}"},{"role":"user","content":"hi"}]{{members}}}""");
        Assert.Equal(status, response.StatusCode);
        if (status == HttpStatusCode.BadRequest)
        {
            var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
            Assert.Equal("context_length_exceeded", error["code"]!.GetValue<string>());
            Assert.Equal("messages", error["param"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_last_message_beyond_its_limit_is_refused_and_named()
    {
        using var response = await api.Client().ChatAsync(
            $$"""{"model":"vendor/model","messages":[{"role":"system","content":"s"},{"role":"user","content":"{{Text(9000)}}"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("context_length_exceeded", error["code"]!.GetValue<string>());
        Assert.Equal("messages[1].content", error["param"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("vllm")]
    [InlineData("llama-server")]
    public async Task The_tokenizer_of_the_models_server_decides_near_the_limit(string engine)
    {
        await using var host = new Host();
        await using var upstream = await FakeUpstream.StartAsync();
        host.AddProvider(upstream.BaseAddress, "engine/model");
        var asked = 0;
        upstream.Always("/tokenize", x =>
        {
            // Three tokens a character, where the estimate has a quarter of one.
            asked++;
            var text = x.Request.Json[engine == "vllm" ? "prompt" : "content"]!.GetValue<string>();
            return x.JsonAsync(engine == "vllm"
                ? $$"""{"count":{{text.Length}},"max_model_len":4000,"tokens":[]}"""
                : $$"""{"tokens":[{{string.Join(',', Enumerable.Repeat("1", text.Length))}}]}""");
        });
        upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        await ((Xunit.IAsyncLifetime)host).InitializeAsync();
        using var client = host.Client();
        for (var i = 0; i < 2; i++)
        {
            using var response = await client.ChatAsync(
                $$"""{"model":"engine/model","messages":[{"role":"user","content":"{{Text(5000)}}"},{"role":"assistant","content":"a"},{"role":"user","content":"{{Text(800)}}"}]}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("dropped=2, truncated=0, images=0", response.Headers.GetValues(TrimReport.HeaderName).Single());
        }

        // Once to find out how it is asked, then once a request.
        Assert.Equal(3, asked);
    }

    private static string Text(int length) => new('x', length);

    private void Expect(string path, bool always = false)
    {
        if (always)
        {
            api.Upstream.Always(path, Answer);
        }
        else
        {
            api.Upstream.Next(path, Answer);
        }

        Task Answer(FakeExchange x)
        {
            _asked = x.Request;
            return x.JsonAsync(OpenAIShapes.Completion("hi"));
        }
    }
}

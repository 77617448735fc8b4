using System.Net;
using System.Text.Json;

namespace JanServer.Inference.Tests.Completions;

public sealed class CompletionTests(EngineHost engine) : IClassFixture<EngineHost>
{
    [Fact]
    public async Task A_prompt_is_answered_as_text()
    {
        var answer = await engine.PostAsync("/v1/completions", """{"model":"jan-demo","prompt":"say one two"}""");

        Assert.Equal("text_completion", answer.Json.GetProperty("object").GetString());
        Assert.Equal("one two", answer.Json.GetProperty("choices")[0].GetProperty("text").GetString());
        Assert.Equal(2, answer.Json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Every_prompt_gets_its_choices_and_echo_repeats_the_prompt()
    {
        var answer = await engine.PostAsync("/v1/completions", """{"model":"jan-demo","prompt":["say a","say b"],"n":2,"echo":true}""");

        Assert.Equal(
            ["say aa", "say aa", "say bb", "say bb"],
            answer.Json.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("text").GetString()!));
    }

    [Fact]
    public async Task A_stream_carries_the_text_and_ends_with_done()
    {
        var events = await engine.StreamAsync(
            "/v1/completions",
            """{"model":"jan-demo","prompt":"say one two","stream":true,"stream_options":{"include_usage":true}}""");

        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(e => JsonElement.Parse(e)).ToArray();
        Assert.Equal("one two", string.Concat(chunks[..^1].Select(chunk => chunk.GetProperty("choices")[0].GetProperty("text").GetString())));
        Assert.Equal("stop", chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(2, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_prompt_beyond_the_context_is_refused_by_name()
    {
        using var small = EngineHost.With(("Inference:Demo:ContextLength", "256"));
        var prompt = string.Concat(Enumerable.Repeat("word ", 300));
        var answer = await small.PostAsync("/v1/completions", $$"""{"model":"jan-demo","prompt":"{{prompt}}"}""");

        Assert.Equal("context_length_exceeded", answer.Error.GetProperty("code").GetString());
        Assert.Equal("prompt", answer.Error.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("""{"model":"jan-demo"}""", "prompt")]
    [InlineData("""{"model":"jan-demo","prompt":[]}""", "prompt")]
    [InlineData("""{"model":"jan-demo","prompt":["a",[1,2]]}""", "prompt[1]")]
    [InlineData("""{"model":"jan-demo","prompt":"a","logprobs":2}""", "logprobs")]
    [InlineData("""{"model":"jan-demo","prompt":"a","best_of":2}""", "best_of")]
    [InlineData("""{"model":"jan-demo","prompt":"a","temperature":9}""", "temperature")]
    public async Task A_bad_field_is_named(string body, string param)
    {
        var answer = await engine.PostAsync("/v1/completions", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(param, answer.Error.GetProperty("param").GetString());
    }
}

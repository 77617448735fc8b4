using System.Text;
using System.Text.Json.Nodes;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;

namespace JanServer.LlmApi.Tests.Reasoning;

public class ReasoningTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private const string Text = "<think>\nIs it \"two\"?\n</think>\n\nIt is 2.";

    [Fact]
    public async Task A_whole_answer_has_its_reasoning_apart()
    {
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion(Text, completionTokens: 30)));
        using var response = await api.Client().ChatAsync();
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal("It is 2.", (string)answer["choices"]![0]!["message"]!["content"]!);
        Assert.Equal("Is it \"two\"?", (string)answer["choices"]![0]!["message"]!["reasoning_content"]!);
        Assert.Equal(18, (int)answer["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task A_stream_says_the_same_however_its_tags_are_cut(int length)
    {
        api.Upstream.NextChat(async x =>
        {
            foreach (var piece in Text.Chunk(length))
            {
                await x.EventAsync(OpenAIShapes.Chunk(new string(piece)));
            }

            await x.EventAsync(OpenAIShapes.FinishChunk());
            await x.EventAsync(OpenAIShapes.UsageChunk(completionTokens: 30));
            await x.DoneAsync();
        });
        using var response = await api.Client().StreamAsync(
            """{"model":"vendor/model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""");
        var (content, reasoning, usage) = await ReadAsync(response);
        Assert.Equal(("It is 2.", "Is it \"two\"?"), (content, reasoning));
        Assert.Equal(18, (int)usage!["completion_tokens_details"]!["reasoning_tokens"]!);
    }

    [Fact]
    public async Task What_is_held_back_at_the_end_is_content()
    {
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk(" <th"));
            await x.EventAsync(OpenAIShapes.FinishChunk());
            await x.DoneAsync();
        });
        using var response = await api.Client().StreamAsync();
        Assert.Equal((" <th", ""), (await ReadAsync(response)) is var (content, reasoning, _) ? (content, reasoning) : default);
    }

    [Fact]
    public async Task Reasoning_that_the_engine_has_told_apart_is_counted_and_left_alone()
    {
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync("""{"model":"fake-model","choices":[{"index":0,"delta":{"reasoning_content":"123456"}}]}""");
            await x.EventAsync("""{"model":"fake-model","choices":[{"index":0,"delta":{"content":"<think>12345"},"finish_reason":"stop"}]}""");
            await x.EventAsync(OpenAIShapes.UsageChunk(completionTokens: 18));
            await x.DoneAsync();
        });
        using var response = await api.Client().StreamAsync(
            """{"model":"vendor/model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""");
        var (_, reasoning, usage) = await ReadAsync(response);
        Assert.Equal("123456", reasoning);
        Assert.True((int)usage!["completion_tokens_details"]!["reasoning_tokens"]! > 0);
    }

    [Fact]
    public async Task Every_choice_has_its_reasoning_apart()
    {
        api.Upstream.NextChat(x => x.JsonAsync(
            """{"id":"x","model":"fake-model","choices":[{"index":0,"message":{"content":"<think>a</think>b"},"finish_reason":"stop"},{"index":1,"message":{"content":"<think>c</think>d"},"finish_reason":"stop"},{"index":2,"message":{"content":"e"},"finish_reason":"stop"}]}"""));
        using var response = await api.Client().ChatAsync();
        var choices = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["choices"]!.AsArray();
        Assert.Equal(
            [("b", "a"), ("d", "c"), ("e", null)],
            choices.Select(choice => ((string?)choice!["message"]!["content"], (string?)choice["message"]!["reasoning_content"])));
    }

    private static async Task<(string Content, string Reasoning, JsonNode? Usage)> ReadAsync(HttpResponseMessage response)
    {
        using var events = await SseReader.OpenAsync(response);
        var (content, reasoning) = (new StringBuilder(), new StringBuilder());
        JsonNode? usage = null;
        while (await events.NextAsync() is { } next && next.Data != "[DONE]")
        {
            var chunk = JsonNode.Parse(next.Data)!;
            usage = chunk["usage"] ?? usage;
            foreach (var choice in chunk["choices"]!.AsArray())
            {
                content.Append((string?)choice!["delta"]!["content"]);
                reasoning.Append((string?)choice["delta"]!["reasoning_content"]);
            }
        }

        return (content.ToString(), reasoning.ToString(), usage);
    }
}

using System.Text;
using JanServer.ResponseApi.Chat;
using JanServer.ResponseApi.Tests.Fixtures;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.Chat;

public sealed class ChatStreamTests
{
    private const string Hello = """{"model":"m","input":"Hello"}""";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task A_stream_may_be_cut_anywhere(int size)
    {
        await using var host = await LoopHost.StartAsync();
        var stream = new StringBuilder(": keep-alive\n\n")
            .Append("data:").Append(OpenAIShapes.Chunk("Grüße, ")).Append("\r\n\r\n")
            .Append("event: x\nid: 1\ndata: ").Append(OpenAIShapes.Chunk("\\ud83d\\ude00 \"you\"\n".Replace("\\ud83d\\ude00", "😀", StringComparison.Ordinal))).Append("\n\n")
            .Append(": keep-alive\n\ndata: ").Append(OpenAIShapes.FinishChunk()).Append("\n\ndata: ").Append(OpenAIShapes.UsageChunk(4, 6)).Append("\n\ndata: [DONE]\n\n")
            .ToString();
        host.Llm.NextChat(async exchange =>
        {
            for (var at = 0; at < stream.Length; at += size)
            {
                var piece = stream.Substring(at, Math.Min(size, stream.Length - at));
                if (char.IsHighSurrogate(piece[^1]))
                {
                    piece += stream[at + size];
                    at++;
                }

                await exchange.RawAsync(piece);
            }
        });
        var response = Given.Response(Hello);

        await host.RunAsync(response);

        Assert.Equal("Grüße, 😀 \"you\"\n", response.Progress.Output[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(new(4, 0, 6, 0), response.Progress.Usage);
        Assert.Equal("completed", response.Progress.Status);
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"a\n\"b"}}]}""", "a\n\"b", "", "")]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":"r"}}]}""", "", "r", "")]
    [InlineData("""{"choices":[{"delta":{"reasoning":"r","reasoning_content":"r"}}]}""", "", "r", "")]
    [InlineData("""{"choices":[{"delta":{"refusal":"no"}}]}""", "", "", "no")]
    [InlineData("""{"choices":[{"delta":{"content":"\ud83d"}}]}""", "\uFFFD", "", "")]
    [InlineData("""{"choices":[{"delta":{"content":["odd"]}},{"delta":{"content":"second"}}],"error":null}""", "", "", "")]
    [InlineData("""{"id":"x","choices":[]}""", "", "", "")]
    public void A_delta_is_read(string data, string text, string reasoning, string refusal)
    {
        var chunk = Read(data);

        Assert.Null(chunk.Failure);
        Assert.Equal((text, reasoning, refusal), (Text(chunk.Text), Text(chunk.Reasoning), Text(chunk.Refusal)));
    }

    [Fact]
    public void Usage_and_the_finish_are_read()
    {
        var chunk = Read("""
            {"choices":[{"delta":{},"finish_reason":"length"}],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,
             "prompt_tokens_details":{"cached_tokens":2,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":3},"queue_time":0.1}}
            """);

        Assert.Equal("length", chunk.FinishReason);
        Assert.Equal(new(5, 2, 7, 3), chunk.Usage);
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"rate_limit_error","code":"rate_limit_exceeded","param":null}}""", 429, "m")]
    [InlineData("""{"error":{"message":"m","type":"invalid_request_error","code":"invalid_value"}}""", 400, "m")]
    [InlineData("""{"error":{"message":"m","type":"server_error","code":"upstream_timeout"}}""", 504, "m")]
    [InlineData("""{"error":"plain"}""", 502, "plain")]
    [InlineData("""{"error":{"message":"m","code":500,"details":{"a":[1]}}}""", 502, "m")]
    [InlineData("""{"error":[1]}""", 502, null)]
    [InlineData("not json", 502, null)]
    [InlineData("[]", 502, null)]
    [InlineData("""{"choices":[{"delta":{"content":"a"}""", 502, null)]
    public void What_is_no_delta_is_a_failure(string data, int status, string? message)
    {
        var failure = Read(data).Failure;

        Assert.Equal(status, failure?.Status);
        Assert.Equal(message ?? failure!.Message, failure!.Message);
    }

    [Theory]
    [InlineData("registry.ollama.ai/library/gemma does not support tools", true)]
    [InlineData("Tools unsupported for this model", true)]
    [InlineData("Function calling is not supported by this model", true)]
    [InlineData("\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set", true)]
    [InlineData("The prompt is too long", false)]
    [InlineData("tools[0].function.name is invalid", false)]
    public void A_model_without_tools_is_known_by_what_it_says(string message, bool expected) =>
        Assert.Equal(expected, new ChatFailure(400, "invalid_value", message).RefusesTools);

    [Fact]
    public async Task Calls_of_servers_with_odd_indexes_stay_apart()
    {
        await using var host = await LoopHost.StartAsync();
        host.Llm.NextChat(async exchange =>
        {
            // Every call at index 0, told apart by its id; the name repeated; arguments as one piece.
            await exchange.EventAsync(ChatScripts.Delta(new { tool_calls = new[] { new { index = 0, id = "a", function = new { name = "f", arguments = "{\"x\"" } } } }));
            await exchange.EventAsync(ChatScripts.Delta(new { tool_calls = new[] { new { index = 0, id = "a", function = new { name = "f", arguments = ":1}" } } } }));
            await exchange.EventAsync(ChatScripts.Delta(new { tool_calls = new[] { new { index = 0, id = "b", function = new { name = "f", arguments = "{}" } } } }));
            await exchange.EventAsync(ChatScripts.Delta(new { tool_calls = new[] { new { id = "c", function = new { name = "f", arguments = "" } } } }, "tool_calls"));
            await exchange.DoneAsync();
        });
        var response = Given.Response("""{"model":"m","input":"Hello","tools":[{"type":"function","name":"f"}]}""");

        await host.RunAsync(response);

        Assert.Equal(
            [("a", """{"x":1}"""), ("b", "{}"), ("c", "{}")],
            response.Progress.Output.Select(item => (item.GetProperty("call_id").GetString(), item.GetProperty("arguments").GetString())));
    }

    private static ChatChunk Read(string data)
    {
        var chunk = new ChatChunk();
        ChunkReader.Read(Encoding.UTF8.GetBytes(data), chunk);
        return chunk;
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}

using System.Text.Json.Nodes;

namespace JanServer.Testing.Upstreams;

/// <summary>Answers as OpenAI-compatible engines give them.</summary>
public static class OpenAIShapes
{
    /// <summary>A whole chat completion.</summary>
    public static string Completion(string text, string model = "fake-model", int promptTokens = 3, int completionTokens = 5) => new JsonObject
    {
        ["id"] = "chatcmpl-fake",
        ["object"] = "chat.completion",
        ["created"] = 1_700_000_000,
        ["model"] = model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
            ["finish_reason"] = "stop",
        }),
        ["usage"] = Usage(promptTokens, completionTokens),
    }.ToJsonString();

    /// <summary>One piece of a streamed chat completion.</summary>
    public static string Chunk(string text, string model = "fake-model") =>
        ChunkOf(model, new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["delta"] = new JsonObject { ["content"] = text },
            ["finish_reason"] = null,
        })).ToJsonString();

    /// <summary>The piece that says why the answer ended.</summary>
    public static string FinishChunk(string reason = "stop", string model = "fake-model") =>
        ChunkOf(model, new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject(), ["finish_reason"] = reason })).ToJsonString();

    /// <summary>The piece that <c>stream_options.include_usage</c> adds before <c>[DONE]</c>.</summary>
    public static string UsageChunk(int promptTokens = 3, int completionTokens = 5, string model = "fake-model")
    {
        var chunk = ChunkOf(model, []);
        chunk["usage"] = Usage(promptTokens, completionTokens);
        return chunk.ToJsonString();
    }

    /// <summary>The list of <c>GET /v1/models</c>.</summary>
    public static string Models(params string[] ids) => new JsonObject
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. ids.Select(id => new JsonObject
        {
            ["id"] = id,
            ["object"] = "model",
            ["created"] = 1_700_000_000,
            ["owned_by"] = "fake",
        })]),
    }.ToJsonString();

    /// <summary>Generated images.</summary>
    public static string Images(params byte[][] images) => new JsonObject
    {
        ["created"] = 1_700_000_000,
        ["data"] = new JsonArray([.. images.Select(image => new JsonObject { ["b64_json"] = Convert.ToBase64String(image) })]),
        ["usage"] = new JsonObject { ["input_tokens"] = 11, ["output_tokens"] = 200, ["total_tokens"] = 211 },
    }.ToJsonString();

    /// <summary>Streams a whole answer word by word, with usage when the request asks for it.</summary>
    public static async Task StreamAsync(FakeExchange exchange, params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            await exchange.EventAsync(Chunk(piece));
        }

        await exchange.EventAsync(FinishChunk());
        if (exchange.Request.Json["stream_options"]?["include_usage"]?.GetValue<bool>() == true)
        {
            await exchange.EventAsync(UsageChunk(completionTokens: pieces.Length));
        }

        await exchange.DoneAsync();
    }

    private static JsonObject ChunkOf(string model, JsonArray choices) => new()
    {
        ["id"] = "chatcmpl-fake",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1_700_000_000,
        ["model"] = model,
        ["choices"] = choices,
    };

    private static JsonObject Usage(int promptTokens, int completionTokens) => new()
    {
        ["prompt_tokens"] = promptTokens,
        ["completion_tokens"] = completionTokens,
        ["total_tokens"] = promptTokens + completionTokens,
    };
}

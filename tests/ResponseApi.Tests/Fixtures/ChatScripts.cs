using System.Text.Json;
using JanServer.Testing.Upstreams;

namespace JanServer.ResponseApi.Tests.Fixtures;

/// <summary>Answers of a model, as llm-api streams them.</summary>
internal static class ChatScripts
{
    /// <summary>Answers with text.</summary>
    public static void Says(this FakeUpstream llm, params string[] pieces) => llm.NextChat(exchange => OpenAIShapes.StreamAsync(exchange, pieces));

    /// <summary>Asks for calls, each in three parts: the id with the name, then the arguments in halves.</summary>
    public static void Calls(this FakeUpstream llm, params (string Id, string Name, string Arguments)[] calls) => llm.NextChat(async exchange =>
    {
        for (var i = 0; i < calls.Length; i++)
        {
            var (id, name, arguments) = calls[i];
            await exchange.EventAsync(Delta(new { tool_calls = new[] { new { index = i, id, type = "function", function = new { name, arguments = "" } } } }));
            foreach (var half in (string[])[arguments[..(arguments.Length / 2)], arguments[(arguments.Length / 2)..]])
            {
                await exchange.EventAsync(Delta(new { tool_calls = new[] { new { index = i, function = new { arguments = half } } } }));
            }
        }

        await exchange.EventAsync(OpenAIShapes.FinishChunk("tool_calls"));
        await exchange.EventAsync(OpenAIShapes.UsageChunk(10, 7));
        await exchange.DoneAsync();
    });

    /// <summary>One chunk with this delta.</summary>
    public static string Delta(object delta, string? finish = null) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-fake",
        @object = "chat.completion.chunk",
        choices = new[] { new { index = 0, delta, finish_reason = finish } },
    });
}

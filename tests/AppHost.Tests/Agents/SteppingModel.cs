using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using JanServer.Testing.Upstreams;

namespace JanServer.AppHost.Tests.Agents;

/// <summary>A model that calls the one tool it is offered once for each step, and then says so.</summary>
internal sealed class SteppingModel : IAsyncDisposable
{
    private readonly FakeUpstream _http;
    private readonly int _steps;
    private readonly ConcurrentDictionary<int, Pause> _pauses = new();

    private SteppingModel(FakeUpstream http, string model, int steps)
    {
        (_http, _steps) = (http, steps);
        _http.Always("/v1/models", exchange => exchange.JsonAsync(OpenAIShapes.Models(model)));
        _http.Always("/v1/chat/completions", AnswerAsync);
    }

    public Uri BaseAddress => _http.BaseAddress;

    public static async Task<SteppingModel> StartAsync(string model, int steps) => new(await FakeUpstream.StartAsync(), model, steps);

    /// <summary>Holds the answer that calls a step, after half of it, until the client is gone or it is let go. Later answers for the step are not held.</summary>
    public Pause HoldOnce(int step) => _pauses[step] = new();

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    private async Task AnswerAsync(FakeExchange exchange)
    {
        var asked = exchange.Request.Json;
        var step = asked["messages"]!.AsArray().Count(message => (string?)message!["role"] == "tool") + 1;
        await exchange.StartStreamAsync();
        if (step > _steps)
        {
            await exchange.EventAsync(OpenAIShapes.Chunk("All steps are done."));
            await exchange.EventAsync(OpenAIShapes.FinishChunk());
        }
        else
        {
            var name = (string)asked["tools"]![0]!["function"]!["name"]!;
            await exchange.EventAsync(OpenAIShapes.Chunk($"Step {step}."));
            if (_pauses.TryRemove(step, out var pause))
            {
                await Task.WhenAny(pause.PassAsync(), exchange.ClientGone);
            }

            await exchange.EventAsync(Call($"call_{step}", name, $$"""{"step":{{step}}}"""));
            await exchange.EventAsync(OpenAIShapes.FinishChunk("tool_calls"));
        }

        await exchange.EventAsync(OpenAIShapes.UsageChunk());
        await exchange.DoneAsync();
    }

    private static string Call(string id, string name, string arguments)
    {
        var call = new JsonObject
        {
            ["index"] = 0,
            ["id"] = id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
        };
        var chunk = JsonNode.Parse(OpenAIShapes.Chunk(""))!;
        chunk["choices"]![0]!["delta"] = new JsonObject { ["tool_calls"] = new JsonArray(call) };
        return chunk.ToJsonString();
    }
}

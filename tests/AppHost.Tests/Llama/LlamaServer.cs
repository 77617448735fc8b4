using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanServer.AppHost.Tests.Llama;

/// <summary>An OpenAI-shaped server over llama.cpp, in the test process: the foreign upstream of the whole-system tests.</summary>
internal sealed class LlamaServer : IAsyncDisposable
{
    public const string ModelId = "jan-random-tiny";

    private readonly LlamaModel _model;
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _turn = new(1);

    private LlamaServer(LlamaModel model, WebApplication app)
    {
        _model = model;
        _app = app;
    }

    public Uri BaseAddress => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1");

    public int Completed { get; private set; }

    public int Cancelled { get; private set; }

    public static async Task<LlamaServer> StartAsync(string libraries, string gguf)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new LlamaServer(new LlamaModel(libraries, gguf), builder.Build());
        server._app.MapGet("/v1/models", ListAsync);
        server._app.MapPost("/v1/chat/completions", server.CompleteAsync);
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _model.Dispose();
        _turn.Dispose();
    }

    private static Task ListAsync(HttpContext context) =>
        context.Response.WriteAsync($$"""{"object":"list","data":[{"id":"{{ModelId}}","object":"model","created":1700000000,"owned_by":"llama.cpp"}]}""");

    private async Task CompleteAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        await _turn.WaitAsync(context.RequestAborted);
        try
        {
            await AnswerAsync(context, request);
            Completed++;
        }
        catch (OperationCanceledException)
        {
            Cancelled++;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task AnswerAsync(HttpContext context, JsonNode request)
    {
        var prompt = _model.Tokenize(Prompt(request["messages"]!.AsArray()));
        var max = (int?)request["max_completion_tokens"] ?? (int?)request["max_tokens"] ?? 32;
        var pieces = _model.Generate(prompt, max, (float?)request["temperature"] ?? 0.8f, (uint?)request["seed"] ?? 1);
        var streamed = (bool?)request["stream"] ?? false;
        var text = "";
        var count = 0;
        context.Response.ContentType = streamed ? "text/event-stream" : "application/json";
        foreach (var piece in pieces)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            text += piece;
            count++;
            if (streamed)
            {
                await SendAsync(context, Chunk(new JsonObject { ["role"] = count == 1 ? "assistant" : null, ["content"] = piece }, null));
            }
        }

        var finish = count == max ? "length" : "stop";
        var usage = new JsonObject { ["prompt_tokens"] = prompt.Length, ["completion_tokens"] = count, ["total_tokens"] = prompt.Length + count };
        if (!streamed)
        {
            var message = new JsonObject { ["role"] = "assistant", ["content"] = text };
            var choice = new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = finish };
            await context.Response.WriteAsync(Envelope("chat.completion", new JsonArray(choice), usage), context.RequestAborted);
            return;
        }

        await SendAsync(context, Chunk([], finish));
        if ((bool?)request["stream_options"]?["include_usage"] == true)
        {
            await SendAsync(context, Envelope("chat.completion.chunk", [], usage));
        }

        await SendAsync(context, "[DONE]");
    }

    private static string Prompt(JsonArray messages) =>
        string.Concat(messages.Select(message => $"<|im_start|>{message!["role"]}\n{message["content"]}<|im_end|>\n")) + "<|im_start|>assistant\n";

    private static string Chunk(JsonObject delta, string? finish) =>
        Envelope("chat.completion.chunk", new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }), usage: null);

    private static string Envelope(string kind, JsonArray choices, JsonObject? usage) => new JsonObject
    {
        ["id"] = "chatcmpl-llama",
        ["object"] = kind,
        ["created"] = 1700000000,
        ["model"] = ModelId,
        ["choices"] = choices,
        ["usage"] = usage,
    }.ToJsonString(JsonSerializerOptions.Web);

    private static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}

using System.Text;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Inference.Access;
using JanServer.Inference.Chat;
using JanServer.Inference.Demo;
using JanServer.Inference.Generation;
using JanServer.Inference.Models;
using JanServer.Inference.Requests;
using JanServer.Inference.Tokens;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.Inference.Completions;

internal static class CompletionEndpoints
{
    public static void MapCompletions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/completions", CreateAsync).WithMetadata(Queued.Marker);

    private static async Task<IResult> CreateAsync(
        [FromBody] JsonElement body, ModelCatalog models, DemoModel engine, TimeProvider clock, CancellationToken ct)
    {
        var problems = new Problems();
        var request = CompletionRequest.Read(body, problems);
        if ((problems.First
            ?? models.Check(request.Model, "completions")
            ?? request.Prompts.Select(prompt => engine.Check(request.AsChat(prompt), "prompt")).FirstOrDefault(found => found is not null))
            is { } problem)
        {
            return problem;
        }

        var answer = new AnswerHead(
            Id<Completion>.New(clock).ToString(),
            clock.GetUtcNow().ToUnixTimeSeconds(),
            request.Model,
            request.Prompts.Sum(Tokenizer.Count));
        return request.Sampling.Stream
            ? new CompletionStream(request, answer, engine)
            : TypedResults.Ok(await CompleteAsync(request, answer, engine, ct));
    }

    private static async Task<CompletionBody> CompleteAsync(
        CompletionRequest request, AnswerHead answer, DemoModel engine, CancellationToken ct)
    {
        var choices = new List<CompletionChoice>();
        var completionTokens = 0;
        foreach (var prompt in request.Prompts)
        {
            for (var n = 0; n < request.Sampling.Choices; n++)
            {
                var text = new StringBuilder(request.Echo ? prompt : "");
                await foreach (var part in engine.GenerateAsync(request.AsChat(prompt), n, ct))
                {
                    if (part is TextPart piece)
                    {
                        text.Append(piece.Text);
                    }
                    else if (part is EndPart end)
                    {
                        completionTokens += end.CompletionTokens;
                        choices.Add(new(choices.Count, text.Append(request.Suffix).ToString(), null, end.FinishReason));
                    }
                }
            }
        }

        return answer.Completion(choices, Usage.Of(answer.PromptTokens, completionTokens));
    }
}

/// <summary>A text completion as server-sent events.</summary>
internal sealed class CompletionStream(CompletionRequest request, AnswerHead answer, DemoModel engine) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var ct = httpContext.RequestAborted;
        var events = new EventStream(httpContext.Response);
        events.Begin();
        var completionTokens = 0;
        for (var index = 0; index < request.Prompts.Count * request.Sampling.Choices; index++)
        {
            var prompt = request.Prompts[index / request.Sampling.Choices];
            if (request.Echo)
            {
                await SendAsync(events, index, prompt, null, ct);
            }

            await foreach (var part in engine.GenerateAsync(request.AsChat(prompt), index % request.Sampling.Choices, ct))
            {
                var end = part as EndPart;
                completionTokens += end?.CompletionTokens ?? 0;
                await SendAsync(events, index, part is TextPart piece ? piece.Text : request.Suffix, end?.FinishReason, ct);
            }
        }

        if (request.Sampling.IncludeUsage)
        {
            var usage = answer.Completion([], Usage.Of(answer.PromptTokens, completionTokens));
            await events.SendAsync(usage, InferenceJson.Default.CompletionBody, ct);
        }

        await events.DoneAsync(ct);
    }

    private Task SendAsync(EventStream events, int index, string text, string? finish, CancellationToken ct) =>
        events.SendAsync(answer.Completion([new(index, text, null, finish)], usage: null), InferenceJson.Default.CompletionBody, ct);
}

internal static class CompletionBodies
{
    public static CompletionBody Completion(this AnswerHead answer, IReadOnlyList<CompletionChoice> choices, Usage? usage) =>
        new(answer.Id, "text_completion", answer.Created, answer.Model, choices, usage, DemoModel.Fingerprint);
}

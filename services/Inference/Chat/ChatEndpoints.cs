using System.Text;
using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Inference.Access;
using JanServer.Inference.Demo;
using JanServer.Inference.Generation;
using JanServer.Inference.Models;
using JanServer.Inference.Requests;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.Inference.Chat;

internal static class ChatEndpoints
{
    public static void MapChat(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/chat/completions", CreateAsync).WithMetadata(Queued.Marker);

    private static async Task<IResult> CreateAsync(
        [FromBody] JsonElement body, ModelCatalog models, DemoModel engine, TimeProvider clock, CancellationToken ct)
    {
        var problems = new Problems();
        var request = ChatRequestReader.Read(body, problems);
        if ((problems.First ?? models.Check(request.Model, "chat") ?? engine.Check(request, "messages")) is { } problem)
        {
            return problem;
        }

        var answer = new AnswerHead(
            Id<ChatCompletion>.New(clock).ToString(),
            clock.GetUtcNow().ToUnixTimeSeconds(),
            request.Model,
            PromptTokens.Count(request.Messages, request.Tools));
        return request.Sampling.Stream
            ? new ChatStream(request, answer, engine, clock)
            : TypedResults.Ok(await CompleteAsync(request, answer, engine, clock, ct));
    }

    private static async Task<ChatCompletionBody> CompleteAsync(
        ChatRequest request, AnswerHead answer, DemoModel engine, TimeProvider clock, CancellationToken ct)
    {
        var choices = new List<ChatChoice>();
        var completionTokens = 0;
        for (var index = 0; index < request.Sampling.Choices; index++)
        {
            var text = new StringBuilder();
            var calls = new List<(string Name, StringBuilder Arguments)>();
            await foreach (var part in engine.GenerateAsync(request, index, ct))
            {
                switch (part)
                {
                    case TextPart piece:
                        text.Append(piece.Text);
                        break;
                    case ToolCallPart call:
                        calls.Add((call.Name, new()));
                        break;
                    case ArgumentsPart arguments:
                        calls[arguments.Index].Arguments.Append(arguments.Fragment);
                        break;
                    case EndPart end:
                        completionTokens += end.CompletionTokens;
                        choices.Add(new(index, Message(text, calls, clock), null, end.FinishReason));
                        break;
                }
            }
        }

        return new(
            answer.Id,
            "chat.completion",
            answer.Created,
            answer.Model,
            choices,
            Usage.Of(answer.PromptTokens, completionTokens),
            DemoModel.Fingerprint);
    }

    private static AssistantMessage Message(StringBuilder text, List<(string Name, StringBuilder Arguments)> calls, TimeProvider clock) =>
        calls.Count == 0
            ? new(Roles.Assistant, text.ToString(), null, null)
            : new(
                Roles.Assistant,
                null,
                null,
                [.. calls.Select(call => new ToolCallBody(
                    Id<ToolCall>.New(clock).ToString(),
                    "function",
                    new(call.Name, call.Arguments.ToString())))]);
}

/// <summary>What every chunk of one answer repeats.</summary>
internal sealed record AnswerHead(string Id, long Created, string Model, int PromptTokens);

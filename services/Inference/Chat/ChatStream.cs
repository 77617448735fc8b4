using JanServer.Contracts.Ids;
using JanServer.Inference.Demo;
using JanServer.Inference.Generation;

namespace JanServer.Inference.Chat;

/// <summary>
/// A chat completion as server-sent events: the role first, then the deltas, then the finish reason of each choice, then the
/// usage if it was asked for, then <c>[DONE]</c>.
/// </summary>
internal sealed class ChatStream(ChatRequest request, AnswerHead answer, DemoModel engine, TimeProvider clock) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var ct = httpContext.RequestAborted;
        var events = new EventStream(httpContext.Response);
        events.Begin();
        var completionTokens = 0;
        for (var index = 0; index < request.Sampling.Choices; index++)
        {
            await SendAsync(events, index, new(Roles.Assistant, Content: ""), null, ct);
            await foreach (var part in engine.GenerateAsync(request, index, ct))
            {
                var (delta, finish) = Delta(part);
                await SendAsync(events, index, delta, finish, ct);
                completionTokens += part is EndPart end ? end.CompletionTokens : 0;
            }
        }

        if (request.Sampling.IncludeUsage)
        {
            await events.SendAsync(Chunk([], Usage.Of(answer.PromptTokens, completionTokens)), InferenceJson.Default.ChatChunk, ct);
        }

        await events.DoneAsync(ct);
    }

    private (ChunkDelta Delta, string? Finish) Delta(GenerationPart part) => part switch
    {
        TextPart text => (new(Content: text.Text), null),
        ToolCallPart call => (
            new(ToolCalls: [new(call.Index, Id<ToolCall>.New(clock).ToString(), "function", new(call.Name, ""))]),
            null),
        ArgumentsPart arguments => (new(ToolCalls: [new(arguments.Index, null, null, new(null, arguments.Fragment))]), null),
        EndPart end => (new(), end.FinishReason),
        _ => throw new InvalidOperationException($"{part.GetType().Name} has no delta."),
    };

    private Task SendAsync(EventStream events, int index, ChunkDelta delta, string? finish, CancellationToken ct) =>
        events.SendAsync(Chunk([new(index, delta, finish)], usage: null), InferenceJson.Default.ChatChunk, ct);

    private ChatChunk Chunk(IReadOnlyList<ChunkChoice> choices, Usage? usage) =>
        new(answer.Id, "chat.completion.chunk", answer.Created, answer.Model, DemoModel.Fingerprint, choices, usage);
}

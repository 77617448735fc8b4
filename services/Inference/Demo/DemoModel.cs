using System.Runtime.CompilerServices;
using JanServer.Inference.Chat;
using JanServer.Inference.Filling;
using JanServer.Inference.Generation;
using JanServer.Inference.Tokens;
using JanServer.Inference.ToolUse;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Inference.Demo;

/// <summary>
/// <c>jan-demo</c>: answers by fixed rules, without weights, so that a first run works end to end. The same request and seed
/// give the same answer, except for what the clock says.
/// </summary>
internal sealed class DemoModel(TimeProvider clock, IOptions<DemoOptions> options)
{
    public const string Fingerprint = "jan-demo-1";

    /// <summary>What stands in the way of an answer although every field is well formed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="param">The field that holds the prompt.</param>
    public ApiError? Check(ChatRequest request, string param)
    {
        var prompt = PromptTokens.Count(request.Messages, request.Tools);
        if (prompt >= options.Value.ContextLength)
        {
            return new(
                StatusCodes.Status400BadRequest,
                ErrorCodes.ContextLengthExceeded,
                $"The prompt has {prompt} tokens; this model's context has {options.Value.ContextLength}.",
                param);
        }

        return request.Format.Kind == FormatKind.JsonSchema && StructuredAnswer.Make(request.Format, new(request.Messages)) is null
            ? ApiError.Invalid(
                "response_format.json_schema.schema",
                "No instance of this schema could be made: it is contradictory, has no end, or uses a 'pattern' that jan-demo cannot fill.")
            : null;
    }

    public async IAsyncEnumerable<GenerationPart> GenerateAsync(
        ChatRequest request, int choice, [EnumeratorCancellation] CancellationToken ct)
    {
        var reply = Reply(request, choice);
        var room = options.Value.ContextLength - PromptTokens.Count(request.Messages, request.Tools);
        var budget = new TokenBudget(Math.Min(request.Sampling.MaxTokens ?? int.MaxValue, room));
        var parts = reply.Calls.Count > 0 ? CallParts(reply.Calls, budget) : TextParts(reply.Text, request.Sampling.Stop, budget);
        foreach (var part in parts)
        {
            ct.ThrowIfCancellationRequested();
            if (request.Sampling.Stream && part is not EndPart && options.Value.TokensPerSecond > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 / options.Value.TokensPerSecond), clock, ct);
            }

            yield return part;
        }
    }

    public DemoReply Reply(ChatRequest request, int choice)
    {
        var turn = new Turn(request.Messages);
        var wording = new Wording(request.Sampling.Seed, choice);
        if (ToolPlan.Next(request, turn) is { Count: > 0 } calls)
        {
            return new("", calls);
        }

        if (request.Format.Kind != FormatKind.Text)
        {
            return DemoReply.Say(StructuredAnswer.Make(request.Format, turn) ?? "{}");
        }

        if (turn.Results.Count > 0)
        {
            return DemoReply.Say(ToolResults.Tell(turn.Results, wording));
        }

        var instructions = Instructions.In(turn.System, turn.Request);
        return DemoReply.Say(instructions.Apply(Answers.To(turn, wording, clock)));
    }

    private static IEnumerable<GenerationPart> TextParts(string text, IReadOnlyList<string> stops, TokenBudget budget)
    {
        var scanner = new StopScanner(stops);
        foreach (var token in Tokenizer.Split(text))
        {
            if (!budget.TrySpend())
            {
                break;
            }

            var safe = scanner.Push(token, out var stopped);
            if (safe.Length > 0)
            {
                yield return new TextPart(safe);
            }

            if (stopped)
            {
                yield return new EndPart(FinishReasons.Stop, budget.Spent);
                yield break;
            }
        }

        if (scanner.Flush() is { Length: > 0 } rest)
        {
            yield return new TextPart(rest);
        }

        yield return new EndPart(budget.Exceeded ? FinishReasons.Length : FinishReasons.Stop, budget.Spent);
    }

    private static IEnumerable<GenerationPart> CallParts(IReadOnlyList<PlannedCall> calls, TokenBudget budget)
    {
        for (var index = 0; index < calls.Count && !budget.Exceeded; index++)
        {
            if (!budget.TrySpend())
            {
                break;
            }

            yield return new ToolCallPart(index, calls[index].Name);
            foreach (var token in Tokenizer.Split(calls[index].Arguments))
            {
                if (!budget.TrySpend())
                {
                    break;
                }

                yield return new ArgumentsPart(index, token);
            }
        }

        yield return new EndPart(budget.Exceeded ? FinishReasons.Length : FinishReasons.ToolCalls, budget.Spent);
    }
}

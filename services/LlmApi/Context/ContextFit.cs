using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Requests;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Context;

/// <summary>Makes a prompt fit the context of its model, or says that it cannot. A short prompt is not even counted.</summary>
internal sealed class ContextFit(EngineTokenizer tokenizer, IOptions<ContextOptions> options)
{
    // Above this share of the budget the estimate may be wrong about whether the prompt fits.
    private const double NearLimit = 0.5;
    private const int MaxTokenizedBytes = 8 << 20;

    private readonly record struct Limits(int Context, int? Answer, int Budget, int Hard);

    /// <summary>Whether the prompt is long enough to be counted; cheap, and never wrong in saying no.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="route">The model.</param>
    /// <param name="added">Tokens of what is added to the messages.</param>
    public bool MustCount(CompletionRequest request, ReadOnlySpan<byte> body, ModelRoute route, int added)
    {
        if (!options.Value.Trim || (request.KeepsAll && options.Value.LastUserTokens == 0))
        {
            return false;
        }

        // Text is a token per four bytes at most; what messages, tools and calls cost beside their text is less than half a token per byte.
        var most = added + (body.Length * 3L / 4);
        return most > LimitsOf(request, body, route, tools: 0).Budget
            || (options.Value.LastUserTokens is > 0 and var last && body.Length / 4 > last)
            || body.IndexOf("image_url"u8) >= 0;
    }

    /// <summary>Adds the edits that make the prompt fit.</summary>
    public async ValueTask<(TrimReport? Report, ApiError? Error)> FitAsync(
        CompletionRequest request, ReadOnlyMemory<byte> body, ModelRoute route, int added, EditList edits, CancellationToken ct)
    {
        var prompt = CountedPrompt.Count(body.Span, request.Messages(body.Span));
        var limits = LimitsOf(request, body.Span, route, CountedPrompt.OfTools(body.Span, request.Places.Find(Member.Tools)));
        var lastUser = options.Value.LastUserTokens;
        if (lastUser > 0 && prompt.LastUser >= 0 && prompt.TextOf(prompt.LastUser) > lastUser)
        {
            return (null, TooLong($"The last user message is longer than the {lastUser} tokens that this server takes.", prompt.LastUser));
        }

        if (request.KeepsAll)
        {
            return default;
        }

        var scale = await ScaleAsync(route, prompt, body, limits.Budget - added, ct);
        var budget = (int)(limits.Budget / scale) - added;
        if (prompt.Total <= budget)
        {
            return default;
        }

        var trimming = Trimming.Fit(body.Span, prompt, options.Value, budget);
        if (trimming.Tokens > (limits.Hard / scale) - added)
        {
            return (null, TooLong(
                $"This model's context has {limits.Context} tokens. What is left of the messages when all that may go is gone, about "
                + $"{(int)((trimming.Tokens + added) * scale)} tokens, does not fit beside the tools and the answer."));
        }

        trimming.AddTo(edits);
        return (trimming.Report.IsEmpty ? null : trimming.Report, null);
    }

    private Limits LimitsOf(CompletionRequest request, ReadOnlySpan<byte> body, ModelRoute route, int tools)
    {
        var context = route.Details.ContextLength is > 0 and var known ? known : options.Value.DefaultLength;
        var answer = AnswerOf(request, body);
        var budget = context - tools - (answer ?? (int)(context * options.Value.AnswerShare)) - options.Value.Margin;
        var hard = context - tools - (answer ?? 0);
        if (budget < Math.Min(options.Value.MinBudget, context / 4))
        {
            // The answer that is asked for leaves no room for a prompt: the model's server will shorten or refuse it.
            budget = Math.Max(0, (int)(context * (1 - options.Value.AnswerShare)) - tools);
            hard = context - tools;
        }

        return new(context, answer, budget, hard);
    }

    private static int? AnswerOf(CompletionRequest request, ReadOnlySpan<byte> body)
    {
        var place = request.Places.Find(Member.MaxCompletionTokens);
        place = place.IsEmpty || body[place.Start] == 'n' ? request.Places.Find(Member.MaxTokens) : place;
        return !place.IsEmpty && Utf8Parser.TryParse(place.Of(body), out long tokens, out _) ? (int)Math.Min(tokens, int.MaxValue / 2) : null;
    }

    /// <summary>How many tokens of the model one estimated token is.</summary>
    private async ValueTask<double> ScaleAsync(
        ModelRoute route, CountedPrompt prompt, ReadOnlyMemory<byte> body, int budget, CancellationToken ct)
    {
        if (!options.Value.AskEngine || route.Offers.Count == 0 || prompt.Total < budget * NearLimit)
        {
            return 1;
        }

        var (text, estimate) = TextOf(prompt, body.Span);
        return estimate > 0 && text.Length <= MaxTokenizedBytes && await tokenizer.CountAsync(route.Offers[0], text, ct) is { } tokens
            ? Math.Clamp((double)tokens / estimate, 0.25, 4)
            : 1;
    }

    private static (ReadOnlyMemory<byte> Text, int Estimate) TextOf(CountedPrompt prompt, ReadOnlySpan<byte> body)
    {
        var text = new byte[prompt.Pieces.Sum(piece => piece.Kind is PieceKind.Image or PieceKind.Media ? 0 : piece.Range.Length + 1)];
        var (length, estimate) = (0, 0);
        foreach (var piece in prompt.Pieces)
        {
            if (piece.Kind is PieceKind.Image or PieceKind.Media)
            {
                continue;
            }

            try
            {
                var json = new Utf8JsonReader(piece.Range.Of(body));
                json.Read();
                length += json.CopyString(text.AsSpan(length));
                text[length++] = (byte)'\n';
                estimate += piece.Tokens;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair is no text to count; the piece keeps its estimate.
            }
        }

        return (text.AsMemory(0, length), estimate);
    }

    private static ApiError TooLong(string message, int? index = null) => new(
        StatusCodes.Status400BadRequest,
        ErrorCodes.ContextLengthExceeded,
        message,
        index is null ? "messages" : string.Create(CultureInfo.InvariantCulture, $"messages[{index}].content"));
}

using System.Globalization;
using System.Text.Json;
using JanServer.Inference.Chat;
using JanServer.Inference.Generation;
using JanServer.Inference.Requests;

namespace JanServer.Inference.Completions;

/// <summary>A checked text completion request.</summary>
/// <param name="Model">The model's id.</param>
/// <param name="Prompts">One or more prompts, each answered <see cref="Sampling.Choices"/> times.</param>
/// <param name="Echo">Whether an answer begins with its prompt.</param>
/// <param name="Suffix">What follows each answer.</param>
/// <param name="Sampling">How the tokens are wanted.</param>
internal sealed record CompletionRequest(string Model, IReadOnlyList<string> Prompts, bool Echo, string Suffix, Sampling Sampling)
{
    private const int MaxPrompts = 64;

    /// <summary>OpenAI's default of <c>max_tokens</c> for text completions.</summary>
    private const int DefaultMaxTokens = 16;

    public static CompletionRequest Read(JsonElement json, Problems problems)
    {
        var body = Fields.Of(json, problems);
        var model = body.RequiredText("model");
        if (body.Integer("logprobs", 0, 5) is not null)
        {
            problems.Invalid("logprobs", "'logprobs' is not offered: this model follows rules and has no probabilities.");
        }

        if (body.Integer("best_of", 1, 20) is > 1)
        {
            problems.Invalid("best_of", "'best_of' above 1 is not offered: this model has no probabilities to choose by.");
        }

        var sampling = SamplingReader.Read(body, problems);
        return new(
            model,
            ReadPrompts(body, problems),
            body.Flag("echo", otherwise: false),
            body.Text("suffix") ?? "",
            sampling with { MaxTokens = sampling.MaxTokens ?? DefaultMaxTokens });
    }

    /// <summary>The prompt as the one user message of a chat: a rule-based model has nothing to continue.</summary>
    public ChatRequest AsChat(string prompt) => new(
        Model,
        [new(Roles.User, prompt, [], [], null)],
        [],
        new(ToolMode.None, null),
        ParallelToolCalls: true,
        new(FormatKind.Text, null),
        Sampling);

    private static List<string> ReadPrompts(Fields body, Problems problems)
    {
        if (body.Find("prompt") is not { } prompt)
        {
            problems.Missing("prompt");
            return [];
        }

        if (prompt.ValueKind == JsonValueKind.String)
        {
            return [prompt.GetString()!];
        }

        if (prompt.ValueKind != JsonValueKind.Array || prompt.GetArrayLength() is 0 or > MaxPrompts)
        {
            problems.Invalid("prompt", $"'prompt' must be a string or an array of 1 to {MaxPrompts} strings.");
            return [];
        }

        var prompts = new List<string>();
        foreach (var element in prompt.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String)
            {
                var at = string.Create(CultureInfo.InvariantCulture, $"prompt[{prompts.Count}]");
                problems.Invalid(at, $"'{at}' must be a string: this model's tokens cannot be sent as numbers.");
                return [];
            }

            prompts.Add(element.GetString()!);
        }

        return prompts;
    }
}

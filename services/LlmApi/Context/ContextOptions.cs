using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Context;

/// <summary>How prompts are made to fit the context of a model. Bound from <c>Context</c>.</summary>
public sealed class ContextOptions
{
    /// <summary>Whether a prompt that is too long is trimmed. Without it, every prompt goes to the model's server as it is.</summary>
    public bool Trim { get; set; } = true;

    /// <summary>The context of a model of which nobody has said it, in tokens.</summary>
    [Range(512, 100_000_000)]
    public int DefaultLength { get; set; } = 220_000;

    /// <summary>The share of the context that is kept for the answer when the request does not say how long it may be.</summary>
    [Range(0.01, 0.9)]
    public double AnswerShare { get; set; } = 0.34;

    /// <summary>Tokens that stay free, since counting is not exact.</summary>
    [Range(0, 100_000)]
    public int Margin { get; set; } = 100;

    /// <summary>A budget below this is none: then the request's own wish for a long answer does not count.</summary>
    [Range(1, 100_000)]
    public int MinBudget { get; set; } = 1000;

    /// <summary>The longest text of the last user message, in tokens; longer is refused. 0 for no limit but the context.</summary>
    [Range(0, 100_000_000)]
    public int LastUserTokens { get; set; }

    /// <summary>What an earlier user message is cut to when the prompt is too long.</summary>
    [Range(100, 100_000_000)]
    public int UserTextTokens { get; set; } = 24_000;

    /// <summary>What a text part of an earlier user message is cut to when the prompt is too long.</summary>
    [Range(100, 100_000_000)]
    public int TextPartTokens { get; set; } = 6_000;

    /// <summary>What the result of a tool is cut to when the prompt is too long.</summary>
    [Range(100, 100_000_000)]
    public int ToolResultTokens { get; set; } = 20_000;

    /// <summary>What the arguments of a tool call are cut to when the prompt is too long.</summary>
    [Range(100, 100_000_000)]
    public int ToolArgumentTokens { get; set; } = 2_000;

    /// <summary>How many images stay when the prompt is too long: the newest.</summary>
    [Range(0, 10_000)]
    public int Images { get; set; } = 15;

    /// <summary>Whether a model's server that counts tokens (<c>/tokenize</c> of llama-server and vLLM) is asked when a prompt is near the limit.</summary>
    public bool AskEngine { get; set; } = true;

    /// <summary>How long such a server may take; without an answer the estimate stands.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan EngineTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

[OptionsValidator]
internal sealed partial class ContextOptionsValidator : IValidateOptions<ContextOptions>;

namespace JanServer.LlmApi.Models;

/// <summary>What is known about a model beside who serves it. Everything is optional: most listings say nothing.</summary>
internal sealed record ModelDetails
{
    public static ModelDetails Unknown { get; } = new();

    /// <summary>How many tokens of prompt and answer together the model takes.</summary>
    public int? ContextLength { get; init; }

    /// <summary>How many tokens an answer may have.</summary>
    public int? MaxCompletionTokens { get; init; }
}

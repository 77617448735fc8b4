namespace JanServer.LlmApi.Prompts;

/// <summary>What beside its body shapes the prompt of a request.</summary>
internal sealed record PromptInputs
{
    /// <summary>The request header with hints from memory, separated by semicolons.</summary>
    public const string MemoryHeader = "X-Prompt-Memory";

    public static PromptInputs None { get; } = new();

    /// <summary>The instruction of the folder ("project") that the conversation is in.</summary>
    public string? ProjectInstruction { get; init; }

    /// <summary>The conversation's metadata; values whose key begins with <c>memory</c> are hints.</summary>
    public IReadOnlyDictionary<string, string>? ConversationMetadata { get; init; }

    /// <summary>The value of <see cref="MemoryHeader"/>.</summary>
    public string? MemoryHints { get; init; }

    /// <summary>What the request's headers give.</summary>
    public static PromptInputs Of(HttpRequest request) =>
        request.Headers.TryGetValue(MemoryHeader, out var hints) ? new() { MemoryHints = hints.ToString() } : None;
}

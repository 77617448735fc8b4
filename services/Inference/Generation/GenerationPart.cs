namespace JanServer.Inference.Generation;

/// <summary>What an engine yields, in order, for one choice: text or tool calls, then exactly one end.</summary>
internal abstract record GenerationPart;

/// <summary>Text to append to the answer.</summary>
internal sealed record TextPart(string Text) : GenerationPart;

/// <summary>A tool call begins; its arguments follow.</summary>
internal sealed record ToolCallPart(int Index, string Name) : GenerationPart;

/// <summary>Text to append to the JSON arguments of the tool call at <paramref name="Index"/>.</summary>
internal sealed record ArgumentsPart(int Index, string Fragment) : GenerationPart;

/// <summary>The choice is complete.</summary>
internal sealed record EndPart(string FinishReason, int CompletionTokens) : GenerationPart;

/// <summary>OpenAI's values of <c>finish_reason</c>.</summary>
internal static class FinishReasons
{
    public const string Stop = "stop";
    public const string Length = "length";
    public const string ToolCalls = "tool_calls";
}

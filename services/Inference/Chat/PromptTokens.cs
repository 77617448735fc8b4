using JanServer.Inference.Tokens;

namespace JanServer.Inference.Chat;

/// <summary>What a conversation costs: its texts, four tokens around each message and three before the answer.</summary>
internal static class PromptTokens
{
    private const int PerMessage = 4;
    private const int BeforeAnswer = 3;

    public static int Count(IReadOnlyList<ChatMessage> messages, IReadOnlyList<ToolDefinition> tools) =>
        BeforeAnswer + messages.Sum(Count) + tools.Sum(Count);

    private static int Count(ChatMessage message) =>
        PerMessage
        + Tokenizer.Count(message.Text)
        + message.ToolCalls.Sum(call => Tokenizer.Count(call.Name) + Tokenizer.Count(call.Arguments));

    private static int Count(ToolDefinition tool) =>
        PerMessage
        + Tokenizer.Count(tool.Name)
        + Tokenizer.Count(tool.Description)
        + (tool.Parameters is { } schema ? Tokenizer.Count(schema.GetRawText()) : 0);
}

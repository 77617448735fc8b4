using System.Text.Json.Serialization;

namespace JanServer.Inference.Chat;

public sealed record ChatCompletionBody(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<ChatChoice> Choices,
    Usage Usage,
    string SystemFingerprint);

public sealed record ChatChoice(
    int Index,
    AssistantMessage Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Logprobs,
    string FinishReason);

public sealed record AssistantMessage(
    string Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Content,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Refusal,
    IReadOnlyList<ToolCallBody>? ToolCalls);

public sealed record ToolCallBody(string Id, string Type, FunctionBody Function);

public sealed record FunctionBody(string Name, string Arguments);

public sealed record ChatChunk(
    string Id,
    string Object,
    long Created,
    string Model,
    string SystemFingerprint,
    IReadOnlyList<ChunkChoice> Choices,
    Usage? Usage);

public sealed record ChunkChoice(
    int Index,
    ChunkDelta Delta,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason);

public sealed record ChunkDelta(string? Role = null, string? Content = null, IReadOnlyList<ToolCallDelta>? ToolCalls = null);

public sealed record ToolCallDelta(int Index, string? Id, string? Type, FunctionDelta Function);

public sealed record FunctionDelta(string? Name, string Arguments);

public sealed record Usage(int PromptTokens, int CompletionTokens, int TotalTokens)
{
    public static Usage Of(int prompt, int completion) => new(prompt, completion, prompt + completion);
}

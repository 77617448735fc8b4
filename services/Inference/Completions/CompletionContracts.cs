using System.Text.Json.Serialization;
using JanServer.Inference.Chat;

namespace JanServer.Inference.Completions;

/// <summary>OpenAI's text completion; a stream sends the same object per chunk.</summary>
public sealed record CompletionBody(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<CompletionChoice> Choices,
    Usage? Usage,
    string SystemFingerprint);

public sealed record CompletionChoice(
    int Index,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Logprobs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason);

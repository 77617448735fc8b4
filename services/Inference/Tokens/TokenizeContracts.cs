namespace JanServer.Inference.Tokens;

/// <summary>vLLM's answer to <c>/tokenize</c>.</summary>
public sealed record TokenizeBody(int Count, int MaxModelLen, IReadOnlyList<int> Tokens, IReadOnlyList<string>? TokenStrs);

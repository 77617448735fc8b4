namespace JanServer.Inference.Generation;

/// <summary>How a request wants its tokens: the part that chat and text completion share.</summary>
/// <param name="Choices">How many answers, 1 to 8.</param>
/// <param name="MaxTokens">The most tokens per answer; null for as many as fit.</param>
/// <param name="Stop">Up to four texts that end the answer and are not part of it.</param>
/// <param name="Seed">Chooses the wording; temperature 0 is seed 0.</param>
/// <param name="Stream">Whether the answer is sent as it is made.</param>
/// <param name="IncludeUsage">Whether the stream ends with a usage chunk.</param>
internal sealed record Sampling(int Choices, int? MaxTokens, IReadOnlyList<string> Stop, long Seed, bool Stream, bool IncludeUsage);

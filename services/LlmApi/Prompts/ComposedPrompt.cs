using JanServer.LlmApi.Context;

namespace JanServer.LlmApi.Prompts;

/// <summary>What modules add to the system message.</summary>
/// <param name="Before">The text before the caller's own; empty for none.</param>
/// <param name="After">The text after it; empty for none.</param>
/// <param name="Applied">The modules whose text it is.</param>
/// <param name="Failed">The modules that have no text because something failed.</param>
internal sealed record ComposedPrompt(string Before, string After, IReadOnlyList<string> Applied, IReadOnlyList<string> Failed)
{
    public static ComposedPrompt Nothing { get; } = new("", "", [], []);

    /// <summary>About how many tokens it adds.</summary>
    public int Tokens => Applied.Count == 0 ? 0 : CountedPrompt.PerMessage + TokenEstimate.Of(Before) + TokenEstimate.Of(After);
}

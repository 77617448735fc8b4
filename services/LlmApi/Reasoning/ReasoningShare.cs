namespace JanServer.LlmApi.Reasoning;

/// <summary>
/// How much of an answer is reasoning, by its bytes. An engine that does not count reasoning tokens counts them with the others; the share
/// tells the two apart, the same for a stream and for a whole answer.
/// </summary>
internal sealed class ReasoningShare
{
    private long _reasoning;
    private long _all;

    public void Add(int content, int reasoning)
    {
        _reasoning += reasoning;
        _all += content + reasoning;
    }

    /// <summary>How many of <paramref name="completion"/> tokens are reasoning.</summary>
    public int Of(int completion) => _reasoning == 0 ? 0 : (int)Math.Round((double)completion * _reasoning / _all, MidpointRounding.AwayFromZero);
}

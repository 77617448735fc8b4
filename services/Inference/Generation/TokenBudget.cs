namespace JanServer.Inference.Generation;

/// <summary>Counts the tokens of one choice up to its limit.</summary>
internal sealed class TokenBudget(int limit)
{
    public int Spent { get; private set; }

    /// <summary>Whether a token was wanted that the limit did not allow: the answer is cut.</summary>
    public bool Exceeded { get; private set; }

    public bool TrySpend()
    {
        Exceeded = Spent >= limit;
        Spent += Exceeded ? 0 : 1;
        return !Exceeded;
    }
}

namespace JanServer.LlmApi.Requests;

/// <summary>A range of the request body and what takes its place on the way upstream; an empty range is an insertion.</summary>
internal readonly record struct Edit(int Start, int End, Replacement With)
{
    /// <summary>Whether the range goes and nothing comes.</summary>
    public bool IsCut => End > Start && With.IsNothing;

    public bool IsInsertion => End == Start;

    public static Edit Cut(int start, int end) => new(start, end, Replacement.Nothing);

    public static Edit Insert(int at, Replacement with) => new(at, at, with);
}

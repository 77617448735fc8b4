namespace JanServer.LlmApi.Requests;

/// <summary>
/// Gathers the edits of the stages that a request passes, in any order, and brings them into the one that sending needs. What lies inside
/// a cut goes with it, so a stage need not know what a later one drops; edits that contradict each other are a bug, and throw.
/// </summary>
internal sealed class EditList
{
    private readonly List<Edit> _edits;

    /// <param name="edits">Those there are already, such as <see cref="CompletionRequest.Edits"/>.</param>
    public EditList(IReadOnlyList<Edit> edits) => _edits = [.. edits];

    public int Count => _edits.Count;

    public void Add(Edit edit) => _edits.Add(edit);

    public void Cut(int start, int end) => _edits.Add(Edit.Cut(start, end));

    /// <summary>Insertions at one place stay in the order in which they were made.</summary>
    public void Insert(int at, Replacement with) => _edits.Add(Edit.Insert(at, with));

    public void Replace(ByteRange range, ReadOnlyMemory<byte> with) => _edits.Add(new(range.Start, range.End, Replacement.Of(with)));

    /// <summary>Whether an edit takes the range away already, so that what is in it matters no more.</summary>
    public bool Covers(ByteRange range) => _edits.Exists(edit => edit.Start <= range.Start && edit.End >= range.End && !edit.IsInsertion);

    /// <summary>The edits in order, without those inside a cut.</summary>
    /// <exception cref="InvalidOperationException">Two edits overlap and neither is a cut around the other.</exception>
    public IReadOnlyList<Edit> Build()
    {
        var ordered = new List<Edit>(_edits.Count);
        var end = 0;
        var isCut = false;

        // At one place: insertions first, then the widest, and a cut before a replacement. LINQ's sorting is stable.
        foreach (var edit in _edits
            .OrderBy(edit => edit.Start)
            .ThenBy(edit => edit.IsInsertion ? 0 : 1)
            .ThenByDescending(edit => edit.End)
            .ThenBy(edit => edit.IsCut ? 0 : 1))
        {
            if (edit.Start >= end)
            {
                ordered.Add(edit);
                (end, isCut) = (edit.End, edit.IsCut);
            }
            else if (!isCut || edit.End > end)
            {
                throw new InvalidOperationException("Two edits of a request overlap.");
            }
        }

        return ordered;
    }
}

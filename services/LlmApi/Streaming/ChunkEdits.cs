namespace JanServer.LlmApi.Streaming;

/// <summary>What changes in one answer object on its way to the client: a few ranges and what takes their place. Used again for every object.</summary>
internal sealed class ChunkEdits
{
    private readonly List<Edit> _edits = new(4);

    /// <summary>By how many bytes the object grows; negative when it shrinks.</summary>
    public int Growth { get; private set; }

    public void Clear()
    {
        _edits.Clear();
        Growth = 0;
    }

    /// <summary>Adds an edit. Edits may be added in any order but must not overlap.</summary>
    public void Add(int start, int end, ReadOnlyMemory<byte> with)
    {
        var at = _edits.Count;
        while (at > 0 && _edits[at - 1].Start > start)
        {
            at--;
        }

        _edits.Insert(at, new(start, end, with));
        Growth += with.Length - (end - start);
    }

    /// <summary>Adds an edit of a range.</summary>
    public void Add(Range range, ReadOnlyMemory<byte> with) => Add(range.Start.Value, range.End.Value, with);

    /// <summary>Copies <paramref name="json"/> with the edits applied; returns the length.</summary>
    public int Apply(ReadOnlySpan<byte> json, Span<byte> target)
    {
        var (length, position) = (0, 0);
        foreach (var edit in _edits)
        {
            json[position..edit.Start].CopyTo(target[length..]);
            length += edit.Start - position;
            edit.With.Span.CopyTo(target[length..]);
            length += edit.With.Length;
            position = edit.End;
        }

        json[position..].CopyTo(target[length..]);
        return length + json.Length - position;
    }

    private readonly record struct Edit(int Start, int End, ReadOnlyMemory<byte> With);
}

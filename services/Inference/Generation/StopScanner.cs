using System.Text;

namespace JanServer.Inference.Generation;

/// <summary>
/// Finds stop sequences in text that arrives in pieces. Text that could still become a stop sequence is held back, so a
/// sequence is found wherever the pieces are cut and none of it is ever sent.
/// </summary>
internal sealed class StopScanner(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>Takes the next piece and returns the text that is now safe to send.</summary>
    /// <param name="piece">The next piece of the answer.</param>
    /// <param name="stopped">Whether a stop sequence is complete; what follows it is dropped.</param>
    public string Push(string piece, out bool stopped)
    {
        stopped = false;
        if (stops.Count == 0)
        {
            return piece;
        }

        var text = _held.Append(piece).ToString();
        _held.Clear();
        var cut = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        if (cut >= 0)
        {
            stopped = true;
            return text[..cut];
        }

        var held = HeldLength(text);
        _held.Append(text, text.Length - held, held);
        return text[..^held];
    }

    /// <summary>The answer ended: what was held back is no stop sequence after all.</summary>
    public string Flush()
    {
        var rest = _held.ToString();
        _held.Clear();
        return rest;
    }

    private int HeldLength(string text)
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}

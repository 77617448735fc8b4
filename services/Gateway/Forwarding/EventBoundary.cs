namespace JanServer.Gateway.Forwarding;

/// <summary>Finds where server-sent events end: after a blank line, by any of the three line ends (WHATWG HTML, section 9.2.5).</summary>
internal static class EventBoundary
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    /// <summary>The length of the longest prefix that holds only whole events; 0 when no event ends here.</summary>
    public static int EndOfWholeEvents(ReadOnlySpan<byte> stream)
    {
        var end = stream.Length;
        while (true)
        {
            var last = stream[..end].LastIndexOfAny(LineFeed, CarriageReturn);
            if (last <= 0)
            {
                return 0;
            }

            var before = stream[last] == LineFeed && stream[last - 1] == CarriageReturn ? last - 2 : last - 1;
            if (before >= 0 && stream[before] is LineFeed or CarriageReturn)
            {
                return last + 1;
            }

            end = Math.Max(before, 0);
        }
    }

    /// <summary>Whether the last of these whole events is <c>data: [DONE]</c>.</summary>
    public static bool EndsWithDone(ReadOnlySpan<byte> events)
    {
        var text = events.TrimEnd("\r\n"u8);
        foreach (var done in (ReadOnlySpan<string>)["data: [DONE]", "data:[DONE]"])
        {
            if (text.Length >= done.Length
                && System.Text.Ascii.Equals(text[^done.Length..], done)
                && (text.Length == done.Length || text[^(done.Length + 1)] is LineFeed or CarriageReturn))
            {
                return true;
            }
        }

        return false;
    }
}

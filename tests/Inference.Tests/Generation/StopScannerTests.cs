using JanServer.Inference.Generation;

namespace JanServer.Inference.Tests.Generation;

public sealed class StopScannerTests
{
    [Theory]
    [InlineData("ab|cd|ef", "cd", "ab", true)]
    [InlineData("a|b|c|d", "bc", "a", true)]
    [InlineData("aa|ab|x", "aab", "a", true)]
    [InlineData("end|EN|x", "END", "endENx", false)]
    [InlineData("x|EN", "END", "xEN", false)]
    [InlineData("one two", "two,one", "", true)]
    public void A_stop_sequence_is_found_wherever_the_pieces_are_cut(string pieces, string stops, string expected, bool stops_early)
    {
        var scanner = new StopScanner(stops.Split(','));
        var sent = "";
        var stopped = false;
        foreach (var piece in pieces.Split('|'))
        {
            sent += scanner.Push(piece, out stopped);
            if (stopped)
            {
                break;
            }
        }

        Assert.Equal(expected, stopped ? sent : sent + scanner.Flush());
        Assert.Equal(stops_early, stopped);
    }
}

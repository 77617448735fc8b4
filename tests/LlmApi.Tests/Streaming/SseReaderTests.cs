using System.Text;
using JanServer.LlmApi.Streaming;

namespace JanServer.LlmApi.Tests.Streaming;

public class SseReaderTests
{
    private const string Torture =
        "\uFEFF: hello\n\ndata: one\n\ndata:two\r\n\r\nevent: x\rid: 5\rdata: three\r\rdata: a\ndata: b\r\ndata\rdata:  c\n\n"
        + "retry: 10\n\n\n\ndatabase: no\n\ndata: é€😀\n\ndata: last\n\n";

    private static readonly string[] Expected = ["one", "two", "three", "a\nb\n\n c", "é€😀", "last"];

    [Fact]
    public void Events_survive_a_cut_at_every_byte()
    {
        var bytes = Encoding.UTF8.GetBytes(Torture);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(Expected, Read([bytes[..cut], bytes[cut..]]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Events_survive_reads_of_a_few_bytes(int size) =>
        Assert.Equal(Expected, Read(Encoding.UTF8.GetBytes(Torture).Chunk(size)));

    [Fact]
    public void A_line_may_be_far_longer_than_the_buffer()
    {
        var big = new string('x', 1_000_000);
        var text = $"data: small\n\ndata: {big}\n\ndata: {big}\ndata: y\n\n";
        Assert.Equal(["small", big, $"{big}\ny"], Read(Encoding.UTF8.GetBytes(text).Chunk(1500)));
    }

    [Fact]
    public void The_last_event_may_lack_its_blank_line()
    {
        Assert.Equal(["a", "b"], Read([Encoding.UTF8.GetBytes("data: a\n\ndata: b\n")]));
        Assert.Equal(["a", "b"], Read([Encoding.UTF8.GetBytes("data: a\n\ndata: b")]));
        Assert.Equal(["a"], Read([Encoding.UTF8.GetBytes("data: a\n\n: bye")]));
    }

    [Fact]
    public void Nothing_comes_out_before_an_event_is_whole()
    {
        using var reader = new SseReader();
        Feed(reader, "data: a\n"u8);
        Assert.Equal(SseToken.Incomplete, reader.TryRead(ended: false, out _));
        Feed(reader, "\n"u8);
        Assert.Equal(SseToken.Event, reader.TryRead(ended: false, out var data));
        Assert.Equal("a", Encoding.UTF8.GetString(data.Span));
        Feed(reader, ": ping\n\n"u8);
        Assert.Equal(SseToken.Silence, reader.TryRead(ended: false, out _));
        Assert.Equal(SseToken.Incomplete, reader.TryRead(ended: false, out _));
        Assert.Equal(0, reader.Pending);
    }

    private static List<string> Read(IEnumerable<byte[]> reads)
    {
        using var reader = new SseReader();
        var events = new List<string>();
        foreach (var read in reads)
        {
            Feed(reader, read);
            Take(ended: false);
        }

        Take(ended: true);
        return events;

        void Take(bool ended)
        {
            SseToken token;
            while ((token = reader.TryRead(ended, out var data)) != SseToken.Incomplete)
            {
                if (token == SseToken.Event)
                {
                    events.Add(Encoding.UTF8.GetString(data.Span));
                }
            }
        }
    }

    private static void Feed(SseReader reader, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var space = reader.Space().Span;
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            reader.Advance(count);
            bytes = bytes[count..];
        }
    }
}

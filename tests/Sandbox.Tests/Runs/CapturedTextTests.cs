using System.Text;
using JanServer.Sandbox.Runs;
using JanServer.Sandbox.Sessions;

namespace JanServer.Sandbox.Tests.Runs;

public sealed class CapturedTextTests
{
    [Theory]
    [InlineData("abc", 10, "abc", 0)]
    [InlineData("abc", 3, "abc", 0)]
    [InlineData("abcdef", 3, "abc\n[output truncated: 3 more bytes]", 3)]
    [InlineData("aäb", 2, "a\n[output truncated: 3 more bytes]", 3)]
    [InlineData("a€€", 5, "a€\n[output truncated: 3 more bytes]", 3)]
    [InlineData("😀😀", 7, "😀\n[output truncated: 4 more bytes]", 4)]
    [InlineData("", 3, "", 0)]
    public async Task Text_is_cut_between_characters_with_a_notice(string printed, int limit, string kept, long dropped)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(printed));

        var text = await CapturedText.ReadAsync(stream, limit, CancellationToken.None);

        Assert.Equal((kept, dropped), (text.Text, text.Dropped));
    }

    [Fact]
    public async Task A_marked_stream_ends_at_its_token_wherever_reads_end()
    {
        var bytes = "first<T>second<T>third"u8.ToArray();
        var marked = new MarkedStream(new OneByteStream(bytes));
        var token = "<T>"u8.ToArray();

        Assert.Equal((new CapturedText("first", 0), true), await marked.ReadAsync(token, 100, CancellationToken.None));
        Assert.Equal((new CapturedText("sec\n[output truncated: 3 more bytes]", 3), true), await marked.ReadAsync(token, 3, CancellationToken.None));
        Assert.Equal((new CapturedText("third", 0), false), await marked.ReadAsync(token, 100, CancellationToken.None));
    }

    private sealed class OneByteStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..1], cancellationToken);
    }
}

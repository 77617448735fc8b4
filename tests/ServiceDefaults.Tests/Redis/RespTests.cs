using System.Buffers;
using System.Text;
using JanServer.ServiceDefaults.Redis;

namespace JanServer.ServiceDefaults.Tests.Redis;

public sealed class RespTests
{
    [Fact]
    public void A_command_is_an_array_of_bulk_strings()
    {
        var buffer = new ArrayBufferWriter<byte>();

        Resp.WriteCommand(buffer, RedisCommand.Of("SET", "ä", ""));

        Assert.Equal("*3\r\n$3\r\nSET\r\n$2\r\nä\r\n$0\r\n\r\n", Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Theory]
    [InlineData("+OK\r\n", nameof(RedisReplyKind.Text), "OK")]
    [InlineData("-ERR no\r\n", nameof(RedisReplyKind.Error), "ERR no")]
    [InlineData("$-1\r\n", nameof(RedisReplyKind.Nil), "")]
    [InlineData("*-1\r\n", nameof(RedisReplyKind.Nil), "")]
    [InlineData("$5\r\na\r\nbc\r\n", nameof(RedisReplyKind.Bulk), "a\r\nbc")]
    [InlineData("$0\r\n\r\n", nameof(RedisReplyKind.Bulk), "")]
    public void A_reply_has_the_type_of_its_first_byte(string wire, string kind, string text)
    {
        Assert.True(TryRead(wire, out var reply, out var rest));

        Assert.Equal((kind, text, 0L), (reply.Kind.ToString(), reply.Text, rest));
    }

    [Fact]
    public void Replies_nest_and_follow_each_other()
    {
        Assert.True(TryRead("*3\r\n:-7\r\n$-1\r\n*1\r\n+x\r\n:8\r\n", out var reply, out var rest));

        Assert.Equal(-7, reply.Items![0].Integer);
        Assert.Equal(RedisReplyKind.Nil, reply.Items[1].Kind);
        Assert.Equal("x", reply.Items[2].Items!.Single().Text);
        Assert.Equal(4, rest);
    }

    [Fact]
    public void A_reply_that_is_not_complete_waits_for_more()
    {
        const string Wire = "*2\r\n$3\r\nabc\r\n:12\r\n";

        for (var length = 0; length < Wire.Length; length++)
        {
            Assert.False(TryRead(Wire[..length], out _, out _));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\r\n")]
    [InlineData("$x\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData("$999999999999\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")]
    public void What_is_not_RESP_is_refused(string wire) => Assert.Throws<RedisException>(() => TryRead(wire, out _, out _));

    [Theory]
    [InlineData("cache:6380", "cache", 6380)]
    [InlineData("cache", "cache", 6379)]
    [InlineData("[::1]:7000", "::1", 7000)]
    [InlineData("password=x,cache:1", "cache", 1)]
    public void A_connection_string_begins_with_the_server(string text, string host, int port)
    {
        var settings = RedisSettings.Parse(text);

        Assert.Equal((host, port), (settings.Host, settings.Port));
    }

    [Fact]
    public void A_connection_string_holds_what_StackExchange_Redis_would_read()
    {
        var settings = RedisSettings.Parse(
            "cache:1,user=ann,password=a=b,ssl=True,defaultDatabase=3,abortConnect=false,connectTimeout=100,asyncTimeout=200,sslHost=h");

        Assert.Equal(
            new RedisSettings("cache", 1)
            {
                User = "ann",
                Password = "a=b",
                Tls = true,
                TlsHost = "h",
                Database = 3,
                ConnectTimeout = TimeSpan.FromMilliseconds(100),
                CommandTimeout = TimeSpan.FromMilliseconds(200),
            },
            settings);
        Assert.Throws<FormatException>(() => RedisSettings.Parse("password=x"));
    }

    private static bool TryRead(string wire, out RedisReply reply, out long rest)
    {
        var reader = new SequenceReader<byte>(new(Encoding.UTF8.GetBytes(wire)));
        var complete = Resp.TryRead(ref reader, out reply);
        rest = reader.Remaining;
        return complete;
    }
}

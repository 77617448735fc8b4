using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>The wire format of Redis, RESP2: commands are arrays of bulk strings, replies are typed by their first byte.</summary>
internal static class Resp
{
    // Ours are small; anything larger is a confused stream rather than a reply.
    private const int MaxBulkLength = 64 * 1024 * 1024;
    private const int MaxItems = 1024 * 1024;
    private const int MaxDepth = 8;

    public static void WriteCommand(IBufferWriter<byte> writer, ReadOnlySpan<ReadOnlyMemory<byte>> arguments)
    {
        WriteHeader(writer, (byte)'*', arguments.Length);
        foreach (var argument in arguments)
        {
            WriteHeader(writer, (byte)'$', argument.Length);
            writer.Write(argument.Span);
            writer.Write("\r\n"u8);
        }
    }

    /// <summary>Reads one reply.</summary>
    /// <returns>False when the reply is not complete; <paramref name="reader"/> is then anywhere.</returns>
    /// <exception cref="RedisException">This is no RESP2.</exception>
    public static bool TryRead(ref SequenceReader<byte> reader, out RedisReply reply, int depth = 0)
    {
        reply = default;
        if (!reader.TryReadTo(out ReadOnlySpan<byte> line, "\r\n"u8))
        {
            return false;
        }

        if (line.IsEmpty || depth > MaxDepth)
        {
            Refuse();
        }

        var rest = line[1..];
        switch (line[0])
        {
            case (byte)'+':
                reply = new(RedisReplyKind.Text, Bytes: rest.ToArray());
                return true;
            case (byte)'-':
                reply = new(RedisReplyKind.Error, Bytes: rest.ToArray());
                return true;
            case (byte)':':
                reply = new(RedisReplyKind.Integer, Number(rest));
                return true;
            case (byte)'$':
                return TryReadBulk(ref reader, Number(rest), out reply);
            case (byte)'*':
                return TryReadArray(ref reader, Number(rest), depth, out reply);
            default:
                Refuse();
                return false;
        }
    }

    private static bool TryReadBulk(ref SequenceReader<byte> reader, long length, out RedisReply reply)
    {
        reply = RedisReply.Nil;
        if (length < 0)
        {
            return true;
        }

        if (length > MaxBulkLength)
        {
            Refuse();
        }

        if (reader.Remaining < length + 2)
        {
            return false;
        }

        reply = new(RedisReplyKind.Bulk, Bytes: reader.UnreadSequence.Slice(0, length).ToArray());
        reader.Advance(length + 2);
        return true;
    }

    private static bool TryReadArray(ref SequenceReader<byte> reader, long length, int depth, out RedisReply reply)
    {
        reply = RedisReply.Nil;
        if (length < 0)
        {
            return true;
        }

        if (length > MaxItems)
        {
            Refuse();
        }

        var items = new List<RedisReply>();
        while (items.Count < length)
        {
            if (!TryRead(ref reader, out var item, depth + 1))
            {
                return false;
            }

            items.Add(item);
        }

        reply = new(RedisReplyKind.Array, Items: [.. items]);
        return true;
    }

    private static long Number(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out long number, out var consumed) || consumed != text.Length)
        {
            Refuse();
        }

        return number;
    }

    private static void WriteHeader(IBufferWriter<byte> writer, byte type, int length)
    {
        var span = writer.GetSpan(16);
        span[0] = type;
        Utf8Formatter.TryFormat(length, span[1..], out var written);
        "\r\n"u8.CopyTo(span[(written + 1)..]);
        writer.Advance(written + 3);
    }

    [DoesNotReturn]
    private static void Refuse() => throw new RedisException("The server does not speak RESP2.");
}

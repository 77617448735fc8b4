using System.Text;

namespace JanServer.ServiceDefaults.Redis;

internal enum RedisReplyKind
{
    Nil,
    Text,
    Error,
    Integer,
    Bulk,
    Array,
}

/// <summary>One reply of the RESP2 protocol.</summary>
internal readonly record struct RedisReply(RedisReplyKind Kind, long Integer = 0, byte[]? Bytes = null, RedisReply[]? Items = null)
{
    public static RedisReply Nil => default;

    public string Text => Bytes is null ? "" : Encoding.UTF8.GetString(Bytes);
}

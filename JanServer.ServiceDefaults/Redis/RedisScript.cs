using System.Security.Cryptography;
using System.Text;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>A Lua script, which runs atomically. The server knows it by its SHA-1, so its text travels once.</summary>
internal sealed class RedisScript(string text)
{
    public ReadOnlyMemory<byte> Text { get; } = RedisCommand.Bytes(text);

    // SHA-1 is Redis' choice of name; nothing is secured by it.
#pragma warning disable CA5350
    public ReadOnlyMemory<byte> Name { get; } = RedisCommand.Bytes(Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text))));
#pragma warning restore CA5350
}

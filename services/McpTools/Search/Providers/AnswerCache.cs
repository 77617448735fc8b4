using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Caching.Distributed;

namespace JanServer.McpTools.Search.Providers;

/// <summary>Keeps answers for all replicas and callers: what the public web says is the same for everybody. A value begins with its time.</summary>
internal sealed class AnswerCache(IDistributedCache cache, TimeProvider clock)
{
    // A new form of what is stored takes a new prefix.
    private const string Prefix = "mcp-tools:1:";

    /// <summary>A key that differs when any part does, and tells nothing of them.</summary>
    public static string Key(string operation, params IEnumerable<string?> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, part is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return $"{Prefix}{operation}:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <summary>What was stored and how long ago, or null.</summary>
    public async Task<(T Value, TimeSpan Age)?> FindAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        if (await cache.GetAsync(key, ct) is not { Length: > sizeof(long) } bytes)
        {
            return null;
        }

        var stored = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
        return JsonSerializer.Deserialize(bytes.AsSpan(sizeof(long)), type) is { } value ? (value, clock.GetUtcNow() - stored) : null;
    }

    /// <summary>Stores an answer of now.</summary>
    public async Task StoreAsync<T>(string key, T value, JsonTypeInfo<T> type, TimeSpan keep, CancellationToken ct)
    {
        if (keep <= TimeSpan.Zero)
        {
            return;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var bytes = new byte[sizeof(long) + json.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, clock.GetUtcNow().ToUnixTimeMilliseconds());
        json.CopyTo(bytes, sizeof(long));
        await cache.SetAsync(key, bytes, new() { AbsoluteExpirationRelativeToNow = keep }, ct);
    }
}

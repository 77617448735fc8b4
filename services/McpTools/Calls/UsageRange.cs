using System.Buffers.Binary;
using System.Globalization;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.McpTools.Calls;

/// <summary>A span of time that a request asks for: Unix seconds, from inclusive, to exclusive. Open where it is not given.</summary>
internal sealed record UsageRange(DateTimeOffset? Start, DateTimeOffset? End)
{
    // The last second that a time can be.
    private const long LastSecond = 253_402_300_799;

    /// <summary>The least id that a call of the start can have.</summary>
    public Guid? FirstId => Start is { } start ? FirstIdOf(start) : null;

    /// <summary>The least id that a call of the end can have.</summary>
    public Guid? EndId => End is { } end ? FirstIdOf(end) : null;

    public static (UsageRange? Range, ApiError? Error) Read(string? startTime, string? endTime)
    {
        if (!TryRead(startTime, out var start))
        {
            return (null, ApiError.Invalid("start_time", "'start_time' must be a time in Unix seconds."));
        }

        if (!TryRead(endTime, out var end))
        {
            return (null, ApiError.Invalid("end_time", "'end_time' must be a time in Unix seconds."));
        }

        return start >= end
            ? (null, ApiError.Invalid("end_time", "'end_time' must be after 'start_time'."))
            : (new(start, end), null);
    }

    /// <summary>The least id that a call of <paramref name="time"/> can have: ids begin with their time.</summary>
    public static Guid FirstIdOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) * 2];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new(bytes, bigEndian: true);
    }

    private static bool TryRead(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LastSecond)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }
}

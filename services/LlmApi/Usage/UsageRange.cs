using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Usage;

/// <summary>How wide a bucket may be and how many of them a route gives.</summary>
/// <param name="Name">As <c>bucket_width</c> says it.</param>
/// <param name="DefaultLimit">Buckets of a page unless told.</param>
/// <param name="MaxLimit">Buckets of a page at most.</param>
/// <param name="MaxRange">How far the range may reach.</param>
internal sealed record BucketWidth(string Name, TimeSpan Width, int DefaultLimit, int MaxLimit, TimeSpan MaxRange)
{
    public static BucketWidth Minute { get; } = new("1m", TimeSpan.FromMinutes(1), 60, 1440, TimeSpan.FromDays(31));

    public static BucketWidth Hour { get; } = new("1h", TimeSpan.FromHours(1), 24, 168, TimeSpan.FromDays(366));

    public static BucketWidth Day { get; } = new("1d", TimeSpan.FromDays(1), 7, 31, TimeSpan.FromDays(3660));
}

/// <summary>
/// The buckets that a request asks for: aligned to UTC, from the one that holds <c>start_time</c> to the one that holds the last moment
/// before <c>end_time</c>.
/// </summary>
/// <param name="Start">Where the whole range begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="From">Where this page begins.</param>
/// <param name="To">Where this page ends.</param>
internal sealed record UsageRange(BucketWidth Bucket, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset From, DateTimeOffset To)
{
    private const string CursorPrefix = "page_";
    private const byte CursorVersion = 1;
    private const int CursorLength = 1 + (2 * sizeof(long));

    // The last day there is, less one: the end of its bucket is a time still.
    private const long LastSecond = 253_402_214_399;

    /// <summary>The cursor of the page after this one; null when this is the last.</summary>
    public string? NextPage => To < End ? Cursor(To, End) : null;

    /// <summary>Whether the sums per hour do not suffice.</summary>
    public bool NeedsRecords => Bucket.Width < TimeSpan.FromHours(1);

    /// <summary>Reads a range.</summary>
    /// <param name="parameters">The query string.</param>
    /// <param name="widths">What the route gives.</param>
    /// <param name="needsStart">Whether <c>start_time</c> must be given.</param>
    /// <param name="now">The time; nothing after its bucket is given.</param>
    public static (UsageRange? Range, ApiError? Error) Read(
        UsageParameters parameters, IReadOnlyList<BucketWidth> widths, bool needsStart, DateTimeOffset now)
    {
        var name = parameters.BucketWidth ?? BucketWidth.Day.Name;
        if (widths.FirstOrDefault(one => one.Name == name) is not { } bucket)
        {
            return (null, ApiError.Invalid("bucket_width", $"'bucket_width' must be one of {string.Join(", ", widths.Select(one => one.Name))}."));
        }

        if (!TryReadNumber(parameters.Limit, 1, bucket.MaxLimit, out var limit))
        {
            return (null, ApiError.Invalid("limit", $"'limit' must be a number from 1 to {bucket.MaxLimit} where buckets are {bucket.Name} wide."));
        }

        var (start, end, error) = ReadTimes(parameters.StartTime, parameters.EndTime);
        if (error is not null || (start is null && needsStart))
        {
            return (null, error ?? ApiError.Missing("start_time"));
        }

        var count = (int)(limit ?? bucket.DefaultLimit);
        var last = Ceiling(now, bucket.Width);
        var until = end is { } given && Ceiling(given, bucket.Width) < last ? Ceiling(given, bucket.Width) : last;
        var first = start is { } begin ? Floor(begin, bucket.Width) : until - (count * bucket.Width);
        if (until - first > bucket.MaxRange)
        {
            return (null, ApiError.Invalid(
                "start_time", $"Buckets of {bucket.Name} are given for at most {bucket.MaxRange.TotalDays:0} days; begin later or choose wider ones."));
        }

        var from = first;
        if (parameters.Page is not null)
        {
            if (!TryReadCursor(parameters.Page, out var next, out var pinned)
                || next < first || pinned <= next || pinned > last || next != Floor(next, bucket.Width) || pinned != Floor(pinned, bucket.Width))
            {
                return (null, ApiError.Invalid("page", "'page' must be the 'next_page' of an answer to the same request."));
            }

            (from, until) = (next, pinned);
        }

        until = until < first ? first : until;
        var to = from + (count * bucket.Width);
        return (new(bucket, first, until, from, to < until ? to : until), null);
    }

    /// <summary>Reads <c>start_time</c> and <c>end_time</c>; null where they are absent.</summary>
    public static (DateTimeOffset? Start, DateTimeOffset? End, ApiError? Error) ReadTimes(string? startTime, string? endTime)
    {
        if (!TryReadNumber(startTime, 0, LastSecond, out var start))
        {
            return (null, null, ApiError.Invalid("start_time", "'start_time' must be a time in Unix seconds."));
        }

        if (!TryReadNumber(endTime, 0, LastSecond, out var end))
        {
            return (null, null, ApiError.Invalid("end_time", "'end_time' must be a time in Unix seconds."));
        }

        return start >= end
            ? (null, null, ApiError.Invalid("end_time", "'end_time' must be after 'start_time'."))
            : (Time(start), Time(end), null);
    }

    private static DateTimeOffset? Time(long? seconds) => seconds is { } given ? DateTimeOffset.FromUnixTimeSeconds(given) : null;

    private static bool TryReadNumber(string? text, long min, long max, out long? number)
    {
        number = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < min || value > max)
        {
            return false;
        }

        number = value;
        return true;
    }

    // Minutes, hours and days of UTC begin at multiples of their width since the first tick there is.
    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan width) => new(time.UtcTicks - (time.UtcTicks % width.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Ceiling(DateTimeOffset time, TimeSpan width) => Floor(time.AddTicks(width.Ticks - 1), width);

    private static string Cursor(DateTimeOffset next, DateTimeOffset end)
    {
        Span<byte> bytes = stackalloc byte[CursorLength];
        bytes[0] = CursorVersion;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], next.ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + sizeof(long))..], end.ToUnixTimeSeconds());
        return CursorPrefix + Base64Url.EncodeToString(bytes);
    }

    private static bool TryReadCursor(string cursor, out DateTimeOffset next, out DateTimeOffset end)
    {
        (next, end) = (default, default);
        Span<byte> bytes = stackalloc byte[CursorLength];
        if (!cursor.StartsWith(CursorPrefix, StringComparison.Ordinal)
            || !Base64Url.IsValid(cursor.AsSpan(CursorPrefix.Length), out var length) || length != CursorLength
            || !Base64Url.TryDecodeFromChars(cursor.AsSpan(CursorPrefix.Length), bytes, out _)
            || bytes[0] != CursorVersion)
        {
            return false;
        }

        return TryReadTime(bytes[1..], out next) && TryReadTime(bytes[(1 + sizeof(long))..], out end);
    }

    private static bool TryReadTime(ReadOnlySpan<byte> bytes, out DateTimeOffset time)
    {
        var seconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var isTime = seconds is >= 0 and <= LastSecond;
        time = isTime ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return isTime;
    }
}

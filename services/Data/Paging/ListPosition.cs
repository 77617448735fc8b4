using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using JanServer.Contracts.Ids;

namespace JanServer.Data.Paging;

/// <summary>
/// A place in a list by a time that changes: the time and the id of the last row of a page, as opaque text for <c>next_cursor</c>.
/// It names a place and not a row, so it stays good when the row changes or goes.
/// </summary>
/// <param name="At">The row's time, to the microsecond that PostgreSQL keeps.</param>
/// <param name="Id">The row's id, which orders rows of one time.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ListPosition(DateTimeOffset At, Guid Id)
{
    private const int Length = sizeof(long) + 16;
    private const int TextLength = 32;

    /// <summary>The place of a row.</summary>
    public static ListPosition Of<T>(DateTimeOffset at, Id<T> id)
        where T : IIdentified => new(at, id.Value);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, out ListPosition position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is not { Length: TextLength }
            || Base64Url.DecodeFromChars(text, bytes, out _, out var written) is not OperationStatus.Done
            || written != Length)
        {
            return false;
        }

        var microseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (microseconds < 0 || microseconds > DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMicrosecond)
        {
            return false;
        }

        position = new(new DateTimeOffset(microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero), new Guid(bytes[sizeof(long)..], bigEndian: true));
        return true;
    }

    /// <summary>The opaque form.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}

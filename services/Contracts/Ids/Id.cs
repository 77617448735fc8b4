using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace JanServer.Contracts.Ids;

/// <summary>
/// A typed identifier: a UUIDv7 in Postgres, <c>prefix_</c> and 26 characters of <c>[0-9a-v]</c> on the wire.
/// The text sorts as the UUID does, so ids of one type sort by creation time in both forms.
/// Parsing is total: a malformed id becomes <see cref="None"/>, which matches no row, so every unknown id is a 404.
/// </summary>
/// <typeparam name="T">What the id identifies; gives the prefix.</typeparam>
/// <param name="Value">The UUID that the database stores.</param>
[StructLayout(LayoutKind.Auto)]
[JsonConverter(typeof(IdJsonConverterFactory))]
public readonly record struct Id<T>(Guid Value) : IParsable<Id<T>>, IComparable<Id<T>>
    where T : IIdentified
{
    private const int TextLength = 26;
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";

    /// <summary>The id that identifies nothing.</summary>
    public static Id<T> None => default;

    /// <summary>Whether this is <see cref="None"/>.</summary>
    public bool IsNone => Value == Guid.Empty;

    /// <summary>Makes a new id that sorts after those made earlier (RFC 9562, version 7).</summary>
    public static Id<T> New(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new(Guid.CreateVersion7(clock.GetUtcNow()));
    }

    /// <summary>Reads an id; text that is no id of this type becomes <see cref="None"/>.</summary>
    public static Id<T> Parse(string? s, IFormatProvider? provider = null)
    {
        _ = TryParse(s, provider, out var id);
        return id;
    }

    /// <summary>Reads an id. Always returns true; text that is no id of this type becomes <see cref="None"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Id<T> result)
    {
        var text = s.AsSpan();
        var prefix = T.IdPrefix;
        result = text.Length == prefix.Length + 1 + TextLength
            && text.StartsWith(prefix, StringComparison.Ordinal)
            && text[prefix.Length] == '_'
            && TryDecode(text[(prefix.Length + 1)..], out var value)
                ? new(value)
                : None;
        return true;
    }

    /// <inheritdoc/>
    static Id<T> IParsable<Id<T>>.Parse(string s, IFormatProvider? provider) => Parse(s, provider);

    /// <summary>Orders ids by creation time.</summary>
    public int CompareTo(Id<T> other)
    {
        Span<byte> mine = stackalloc byte[16];
        Span<byte> theirs = stackalloc byte[16];
        Value.TryWriteBytes(mine, bigEndian: true, out _);
        other.Value.TryWriteBytes(theirs, bigEndian: true, out _);
        return mine.SequenceCompareTo(theirs);
    }

    /// <summary>The wire form.</summary>
    public override string ToString() =>
        string.Create(T.IdPrefix.Length + 1 + TextLength, Value, static (span, value) =>
        {
            T.IdPrefix.CopyTo(span);
            span[T.IdPrefix.Length] = '_';
            Encode(value, span[(T.IdPrefix.Length + 1)..]);
        });

    private static void Encode(Guid value, Span<char> text)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        for (var i = TextLength - 1; i >= 0; i--)
        {
            text[i] = Alphabet[(int)(bits & 31)];
            bits >>= 5;
        }
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out Guid value)
    {
        value = Guid.Empty;

        // 26 digits hold 130 bits: the first may not use its upper two.
        if (text[0] is < '0' or > '7')
        {
            return false;
        }

        UInt128 bits = 0;
        foreach (var c in text)
        {
            var digit = c switch
            {
                >= '0' and <= '9' => c - '0',
                >= 'a' and <= 'v' => c - 'a' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            bits = (bits << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }

    /// <summary>Whether <paramref name="left"/> was made before <paramref name="right"/>.</summary>
    public static bool operator <(Id<T> left, Id<T> right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> was made after <paramref name="right"/>.</summary>
    public static bool operator >(Id<T> left, Id<T> right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> was not made after <paramref name="right"/>.</summary>
    public static bool operator <=(Id<T> left, Id<T> right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> was not made before <paramref name="right"/>.</summary>
    public static bool operator >=(Id<T> left, Id<T> right) => left.CompareTo(right) >= 0;
}

using System.Buffers.Binary;
using System.Numerics;

namespace System.IO.Hashing;

/// <summary>
/// XXH64, the 64-bit variant of the xxHash family of non-cryptographic hashes. Stands in for the type of that name in the NuGet
/// package System.IO.Hashing, which the package feed lacks and which YARP needs: same namespace, same member shapes for the
/// part offered here, same results. Hashes in byte form are big-endian, which is xxHash's canonical representation.
/// </summary>
/// <remarks>Not for signatures, passwords or anything an adversary may choose input for.</remarks>
public sealed class XxHash64
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int HashSize = sizeof(ulong);

    private const int StripeSize = 32;
    private const ulong Prime1 = 0x9E37_79B1_85EB_CA87;
    private const ulong Prime2 = 0xC2B2_AE3D_27D4_EB4F;
    private const ulong Prime3 = 0x1656_67B1_9E37_79F9;
    private const ulong Prime4 = 0x85EB_CA77_C2B2_AE63;
    private const ulong Prime5 = 0x27D4_EB2F_1656_67C5;

    private readonly ulong _seed;
    private readonly byte[] _pending = new byte[StripeSize];
    private Lanes _lanes;
    private int _pendingLength;
    private ulong _length;

    /// <summary>Starts a hash with seed 0.</summary>
    public XxHash64()
        : this(0)
    {
    }

    /// <summary>Starts a hash with the given seed.</summary>
    public XxHash64(long seed)
    {
        _seed = unchecked((ulong)seed);
        Reset();
    }

    /// <summary>Hashes <paramref name="source"/> with seed 0.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static byte[] Hash(byte[] source) => Hash(source, 0);

    /// <summary>Hashes <paramref name="source"/> with the given seed.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static byte[] Hash(byte[] source, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash(new ReadOnlySpan<byte>(source), seed);
    }

    /// <summary>Hashes <paramref name="source"/> with the given seed.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> source, long seed = 0) => ToBytes(HashToUInt64(source, seed));

    /// <summary>Hashes <paramref name="source"/> with the given seed, into a number.</summary>
    public static ulong HashToUInt64(ReadOnlySpan<byte> source, long seed = 0)
    {
        var value = unchecked((ulong)seed);
        var lanes = new Lanes(value);
        var rest = lanes.Consume(source);
        return Finish(source.Length < StripeSize ? value + Prime5 : lanes.Merge(), (ulong)source.Length, rest);
    }

    /// <summary>Adds bytes to the hash.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public void Append(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Append(new ReadOnlySpan<byte>(source));
    }

    /// <summary>Adds bytes to the hash.</summary>
    public void Append(ReadOnlySpan<byte> source)
    {
        _length += (ulong)source.Length;
        if (_pendingLength > 0)
        {
            var taken = Math.Min(StripeSize - _pendingLength, source.Length);
            source[..taken].CopyTo(_pending.AsSpan(_pendingLength));
            _pendingLength += taken;
            source = source[taken..];
            if (_pendingLength < StripeSize)
            {
                return;
            }

            _lanes.Consume(_pending);
        }

        var rest = _lanes.Consume(source);
        rest.CopyTo(_pending);
        _pendingLength = rest.Length;
    }

    /// <summary>The hash of everything appended so far; more may be appended afterwards.</summary>
    public byte[] GetCurrentHash() => ToBytes(GetCurrentHashAsUInt64());

    /// <summary>The hash of everything appended so far as a number; more may be appended afterwards.</summary>
    public ulong GetCurrentHashAsUInt64() =>
        Finish(_length < StripeSize ? _seed + Prime5 : _lanes.Merge(), _length, _pending.AsSpan(0, _pendingLength));

    /// <summary>Forgets everything appended; the seed stays.</summary>
    public void Reset()
    {
        _lanes = new Lanes(_seed);
        _pendingLength = 0;
        _length = 0;
    }

    private static byte[] ToBytes(ulong hash)
    {
        var bytes = new byte[HashSize];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, hash);
        return bytes;
    }

    /// <summary>Mixes in the length and the up to 31 bytes that fill no stripe, then spreads every input bit over the output.</summary>
    private static ulong Finish(ulong hash, ulong length, ReadOnlySpan<byte> rest)
    {
        hash += length;
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * Prime1) + Prime4;
        }

        if (rest.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (var value in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (value * Prime5), 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    /// <summary>The four independent accumulators; each takes eight bytes of every stripe.</summary>
    private struct Lanes(ulong seed)
    {
        private ulong _first = seed + Prime1 + Prime2;
        private ulong _second = seed + Prime2;
        private ulong _third = seed;
        private ulong _fourth = seed - Prime1;

        /// <summary>Takes all whole stripes and returns the bytes left over.</summary>
        public ReadOnlySpan<byte> Consume(ReadOnlySpan<byte> source)
        {
            for (; source.Length >= StripeSize; source = source[StripeSize..])
            {
                _first = Round(_first, BinaryPrimitives.ReadUInt64LittleEndian(source));
                _second = Round(_second, BinaryPrimitives.ReadUInt64LittleEndian(source[8..]));
                _third = Round(_third, BinaryPrimitives.ReadUInt64LittleEndian(source[16..]));
                _fourth = Round(_fourth, BinaryPrimitives.ReadUInt64LittleEndian(source[24..]));
            }

            return source;
        }

        public readonly ulong Merge()
        {
            var hash = BitOperations.RotateLeft(_first, 1)
                + BitOperations.RotateLeft(_second, 7)
                + BitOperations.RotateLeft(_third, 12)
                + BitOperations.RotateLeft(_fourth, 18);
            hash = Fold(hash, _first);
            hash = Fold(hash, _second);
            hash = Fold(hash, _third);
            return Fold(hash, _fourth);
        }

        private static ulong Fold(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;
    }
}

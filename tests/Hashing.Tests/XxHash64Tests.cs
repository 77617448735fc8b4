using System.Globalization;
using System.Text;

namespace System.IO.Hashing.Tests;

public sealed class XxHash64Tests
{
    // 2654435761, the seed and the byte generator of xxHash's own sanity check.
    private const uint SanityPrime = 2_654_435_761;

    [Theory]
    [InlineData("", "ef46db3751d8e999")]
    [InlineData("a", "d24ec4f1a98c6e5b")]
    [InlineData("abc", "44bc2cf5ad770999")]
    [InlineData("Nobody inspects the spammish repetition", "fbcea83c8a378bf1")]
    public void Published_vectors_of_text_match(string text, string expected) =>
        Assert.Equal(expected, Hex(XxHash64.Hash(Encoding.ASCII.GetBytes(text))));

    [Theory]
    [InlineData(0, 0u, "ef46db3751d8e999")]
    [InlineData(0, SanityPrime, "ac75fda2929b17ef")]
    [InlineData(1, 0u, "4fce394cc88952d8")]
    [InlineData(1, SanityPrime, "739840cb819fa723")]
    [InlineData(14, 0u, "cffa8db881bc3a3d")]
    [InlineData(14, SanityPrime, "5b9611585efcc9cb")]
    [InlineData(101, 0u, "0eab543384f878ad")]
    [InlineData(101, SanityPrime, "caa65939306f1e21")]
    public void The_sanity_check_of_the_reference_implementation_matches(int length, uint seed, string expected) =>
        Assert.Equal(expected, Hex(XxHash64.Hash(SanityBuffer(length), seed)));

    [Fact]
    public void The_number_and_the_bytes_are_the_same_hash_big_endian()
    {
        var source = SanityBuffer(77);
        Assert.Equal(XxHash64.HashToUInt64(source).ToString("x16", CultureInfo.InvariantCulture), Hex(XxHash64.Hash(source)));
    }

    [Fact]
    public void Appending_in_any_pieces_gives_the_hash_of_the_whole()
    {
        for (var length = 0; length <= 130; length++)
        {
            var source = SanityBuffer(length);
            var whole = XxHash64.HashToUInt64(source, 42);
            for (var piece = 1; piece <= 67; piece += 3)
            {
                var hash = new XxHash64(42);
                for (var at = 0; at < length; at += piece)
                {
                    hash.Append(source.AsSpan(at, Math.Min(piece, length - at)));
                }

                Assert.Equal(whole, hash.GetCurrentHashAsUInt64());
            }
        }
    }

    [Fact]
    public void Reading_the_hash_does_not_end_it_and_reset_starts_over()
    {
        var source = SanityBuffer(90);
        var hash = new XxHash64();
        hash.Append(source[..40]);
        _ = hash.GetCurrentHash();
        hash.Append(source[40..]);
        Assert.Equal(XxHash64.Hash(source), hash.GetCurrentHash());

        hash.Reset();
        hash.Append(Encoding.ASCII.GetBytes("abc"));
        Assert.Equal("44bc2cf5ad770999", Hex(hash.GetCurrentHash()));
    }

    [Fact]
    public void A_null_source_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => XxHash64.Hash(null!));
        Assert.Throws<ArgumentNullException>(() => new XxHash64().Append((byte[])null!));
    }

    private static byte[] SanityBuffer(int length)
    {
        var buffer = new byte[length];
        var generator = SanityPrime;
        for (var i = 0; i < length; i++)
        {
            buffer[i] = (byte)(generator >> 24);
            generator = unchecked(generator * generator);
        }

        return buffer;
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}

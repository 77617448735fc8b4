using System.Security.Cryptography;
using JanServer.ServiceDefaults.Secrets;

namespace JanServer.ServiceDefaults.Tests.Secrets;

public sealed class SecretSealTests
{
    private static readonly byte[] Master = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void What_is_sealed_opens_for_its_owner_and_its_purpose_only()
    {
        var blob = SecretSeal.Seal(Master, "purpose/1", "secret"u8, "owner"u8);

        Assert.Equal("secret"u8.ToArray(), SecretSeal.Open(Master, "purpose/1", blob, "owner"u8));
        Assert.Null(SecretSeal.Open(Master, "purpose/1", blob, "other"u8));
        Assert.Null(SecretSeal.Open(Master, "purpose/2", blob, "owner"u8));
        Assert.Null(SecretSeal.Open(RandomNumberGenerator.GetBytes(32), "purpose/1", blob, "owner"u8));
    }

    [Fact]
    public void No_two_blobs_are_the_same_and_none_opens_when_a_byte_is_another()
    {
        var blob = SecretSeal.Seal(Master, "p", "secret"u8, []);
        Assert.NotEqual(blob, SecretSeal.Seal(Master, "p", "secret"u8, []));
        for (var i = 0; i < blob.Length; i++)
        {
            var changed = (byte[])blob.Clone();
            changed[i] ^= 1;
            Assert.Null(SecretSeal.Open(Master, "p", changed, []));
        }

        Assert.Null(SecretSeal.Open(Master, "p", [], []));
    }
}

using System.Security.Cryptography;
using System.Text;

namespace JanServer.Accounts.ApiKeys;

/// <summary>A new key: the text that its owner sees once, and what is kept of it.</summary>
internal sealed record ApiKeySecret(string Text, byte[] Hash, string Suffix)
{
    private const int RandomHexDigits = 48;
    private const int SuffixLength = 4;

    /// <summary>Makes a key of 192 random bits.</summary>
    public static ApiKeySecret New(string prefix)
    {
        var text = $"{prefix}_{RandomNumberGenerator.GetHexString(RandomHexDigits, lowercase: true)}";
        return new(text, SHA256.HashData(Encoding.UTF8.GetBytes(text)), text[^SuffixLength..]);
    }

    /// <summary>Reads the hex form of a hash; false for anything that is none.</summary>
    public static bool TryReadHash(string hex, out byte[] hash)
    {
        hash = new byte[SHA256.HashSizeInBytes];
        return hex.Length == 2 * SHA256.HashSizeInBytes
            && Convert.FromHexString(hex, hash, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}

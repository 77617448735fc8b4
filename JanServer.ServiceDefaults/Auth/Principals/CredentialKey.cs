using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace JanServer.ServiceDefaults.Auth.Principals;

/// <summary>The SHA-256 of a credential: what caches and lookups use, so that no credential is kept in memory.</summary>
internal readonly record struct CredentialKey(UInt128 High, UInt128 Low)
{
    public static CredentialKey Of(ReadOnlySpan<char> credential)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(credential.Length));
        try
        {
            var length = Encoding.UTF8.GetBytes(credential, utf8);
            Span<UInt128> hash = stackalloc UInt128[2];
            SHA256.HashData(utf8.AsSpan(0, length), MemoryMarshal.AsBytes(hash));
            CryptographicOperations.ZeroMemory(utf8.AsSpan(0, length));
            return new(hash[0], hash[1]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    /// <summary>The hash as accounts stores it: lower-case hex.</summary>
    public string ToHex()
    {
        Span<UInt128> hash = [High, Low];
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(hash));
    }
}

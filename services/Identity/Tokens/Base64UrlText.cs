using System.Buffers.Text;
using System.Security.Cryptography;

namespace JanServer.Identity.Tokens;

/// <summary>base64url without padding (RFC 4648 section 5), and random values in it.</summary>
internal static class Base64UrlText
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>256 random bits.</summary>
    public static string Random() => Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>Null when <paramref name="text"/> is not base64url.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var written) ? bytes[..written] : null;
    }
}

using System.Security.Cryptography;
using System.Text;

namespace JanServer.Identity.Tokens;

/// <summary>How opaque values are stored: they carry 256 random bits, so an unsalted digest cannot be reversed or guessed.</summary>
internal static class TokenHash
{
    public static byte[] Of(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

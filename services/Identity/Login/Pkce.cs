using System.Security.Cryptography;
using System.Text;
using JanServer.Identity.Tokens;

namespace JanServer.Identity.Login;

/// <summary>PKCE with S256, the only method (RFC 7636).</summary>
internal static class Pkce
{
    public const string Method = "S256";
    private const int ChallengeLength = 43;

    public static bool IsChallenge(string challenge) => challenge.Length == ChallengeLength && challenge.All(IsUnreserved);

    public static bool Matches(string challenge, string verifier) =>
        verifier.Length is >= 43 and <= 128
        && verifier.All(IsUnreserved)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(challenge),
            Encoding.ASCII.GetBytes(Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))));

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';
}

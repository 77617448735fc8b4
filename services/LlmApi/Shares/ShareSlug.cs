using System.Security.Cryptography;

namespace JanServer.LlmApi.Shares;

/// <summary>The secret part of a share's address: 131 random bits, so that nobody finds a share by trying.</summary>
internal static class ShareSlug
{
    private const int Length = 22;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>Whether the text could be a slug at all.</summary>
    public static bool IsWellFormed(string text) => text.Length == Length && text.All(char.IsAsciiLetterOrDigit);
}

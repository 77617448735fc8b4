using System.Security.Cryptography;
using System.Text;

namespace JanServer.ResponseApi.Tools;

/// <summary>Makes names that models take: 1 to 64 of <c>[A-Za-z0-9_-]</c>.</summary>
internal static class FunctionNames
{
    public const int MaxLength = 64;

    private const int HashLength = 8;

    public static bool IsValid(string name, int maxLength = MaxLength) => name.Length > 0 && name.Length <= maxLength && name.All(IsFit);

    /// <summary>The text as a name; what is too long is cut and ends in a hash of the whole.</summary>
    public static string From(string text)
    {
        var fit = string.Concat(text.Select(c => IsFit(c) ? c : '_'));
        return fit.Length is > 0 and <= MaxLength ? fit : Shortened(fit, text);
    }

    /// <summary>The name, or one like it that is not taken.</summary>
    public static string Unique(string wanted, Func<string, bool> isTaken)
    {
        var name = From(wanted);
        for (var i = 2; isTaken(name); i++)
        {
            name = From($"{wanted}_{i}");
        }

        return name;
    }

    private static string Shortened(string fit, string text)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
        return $"{(fit.Length > MaxLength - HashLength - 1 ? fit[..(MaxLength - HashLength - 1)] : fit)}_{hash}";
    }

    private static bool IsFit(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}

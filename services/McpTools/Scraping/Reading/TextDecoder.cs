using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>
/// Finds the character set of a body as browsers do: byte order mark, then what the server says, then what the document says, then UTF-8
/// if it is that, then Windows-1252.
/// </summary>
internal static partial class TextDecoder
{
    private const string Fallback = "windows-1252";

    // Where the HTML standard looks for a declaration.
    private const int Prescan = 1024;
    private const int MaxCharBytes = 4;

    // The web's names for what is Windows-1252 in truth.
    private static readonly string[] Latin = ["iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"];

    public static (string Text, string Charset) Decode(ReadOnlySpan<byte> body, string? declared)
    {
        var (encoding, skip) = ByMark(body);
        encoding ??= Named(declared) ?? InDocument(body) ?? (IsUtf8(body) ? Encoding.UTF8 : Named(Fallback)!);
        return (encoding.GetString(body[skip..]), encoding.WebName);
    }

    private static (Encoding? Encoding, int Length) ByMark(ReadOnlySpan<byte> body) =>
        body.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? (Encoding.UTF8, 3)
        : body.StartsWith<byte>([0xFE, 0xFF]) ? (Encoding.BigEndianUnicode, 2)
        : body.StartsWith<byte>([0xFF, 0xFE]) ? (Encoding.Unicode, 2)
        : (null, 0);

    private static Encoding? InDocument(ReadOnlySpan<byte> body)
    {
        var match = Declaration().Match(Encoding.Latin1.GetString(body[..Math.Min(body.Length, Prescan)]));

        // Whoever can be read as ASCII is not UTF-16, whatever it says.
        return match.Success && Named(match.Groups[1].Value) is { } encoding ? (encoding is UnicodeEncoding ? Encoding.UTF8 : encoding) : null;
    }

    private static Encoding? Named(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        var plain = Latin.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase) ? Fallback : name.Trim();
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(plain) ?? Encoding.GetEncoding(plain);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    // The end may be cut within a character.
    private static bool IsUtf8(ReadOnlySpan<byte> body)
    {
        for (var cut = 0; cut < Math.Min(MaxCharBytes, body.Length + 1); cut++)
        {
            if (Utf8.IsValid(body[..^cut]))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("""(?:<meta[^>]{0,200}?charset\s*=\s*|<\?xml[^>]{0,100}?encoding\s*=\s*)["']?([A-Za-z0-9_:.-]{1,40})""", RegexOptions.IgnoreCase)]
    private static partial Regex Declaration();
}

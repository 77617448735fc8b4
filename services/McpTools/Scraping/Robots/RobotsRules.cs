using System.Text;

namespace JanServer.McpTools.Scraping.Robots;

/// <summary>The rules of a robots.txt that hold for one crawler (RFC 9309 section 2.2).</summary>
/// <param name="Rules">In the order of the file, which does not matter.</param>
internal sealed record RobotsRules(IReadOnlyList<RobotsRule> Rules)
{
    /// <summary>Nothing is forbidden: there is no file, or none of its rules are for us.</summary>
    public static RobotsRules AllowAll { get; } = new([]);

    /// <summary>Everything is forbidden: the file could not be had (section 2.3.1.4).</summary>
    public static RobotsRules DisallowAll { get; } = new([new(false, "/")]) { IsUnknown = true };

    /// <summary>Whether the file could not be had, so that these rules are not its owner's.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Whether the page may be fetched: the longest rule that matches decides, and of two equally long ones the one that allows.</summary>
    public bool Allows(Uri url)
    {
        var target = Normalize(url.PathAndQuery);
        if (target == "/robots.txt")
        {
            return true;
        }

        var allowed = true;
        var longest = -1;
        foreach (var rule in Rules.Where(rule => rule.Matches(target)))
        {
            if (rule.Pattern.Length > longest || (rule.Pattern.Length == longest && rule.Allows))
            {
                (longest, allowed) = (rule.Pattern.Length, rule.Allows);
            }
        }

        return allowed;
    }

    /// <summary>
    /// One spelling for what is the same path (section 2.2.2): what is not ASCII becomes percent-encoded UTF-8, hex digits become upper
    /// case, and what need not be encoded is not.
    /// </summary>
    public static string Normalize(string path)
    {
        var normal = new StringBuilder(path.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = 0; at < path.Length;)
        {
            if (path[at] == '%' && at + 2 < path.Length && char.IsAsciiHexDigit(path[at + 1]) && char.IsAsciiHexDigit(path[at + 2]))
            {
                Append(normal, (byte)((Hex(path[at + 1]) << 4) | Hex(path[at + 2])));
                at += 3;
                continue;
            }

            Rune.DecodeFromUtf16(path.AsSpan(at), out var rune, out var used);
            if (rune.IsAscii)
            {
                normal.Append((char)rune.Value);
            }
            else
            {
                foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
                {
                    Append(normal, octet);
                }
            }

            at += used;
        }

        return normal.ToString();
    }

    private static void Append(StringBuilder normal, byte octet)
    {
        if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
        {
            normal.Append((char)octet);
        }
        else
        {
            normal.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static int Hex(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : char.ToUpperInvariant(digit) - 'A' + 10;
}

using System.Security.Cryptography;
using System.Text;

namespace JanServer.McpTools.External.Listing;

/// <summary>
/// Names tools of external servers: <c>label_tool</c>, in the characters and the length that models take for functions. A name that is
/// taken, or too long, ends with a hash of the server and the tool instead, so it is the same in every list and after every restart.
/// </summary>
/// <param name="taken">Names that are not to be given, such as those of built-in tools.</param>
internal sealed class ToolNames(IEnumerable<string> taken)
{
    /// <summary>OpenAI's limit for the names of functions.</summary>
    public const int MaxLength = 64;

    private const int HashLength = 8;

    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>The name of the next tool. Whoever comes first gets the plain name: call this in an order that does not change.</summary>
    public string Next(string label, string tool, Guid server)
    {
        var plain = Plain($"{label}_{tool}");
        if (plain.Length <= MaxLength && _taken.Add(plain))
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{server:N}\n{tool}")));
        for (var length = HashLength; ; length += HashLength)
        {
            var suffix = "_" + hash[..Math.Min(length, 56)];
            var name = plain[..Math.Min(plain.Length, MaxLength - suffix.Length)] + suffix;
            if (_taken.Add(name) || length >= 56)
            {
                return name;
            }
        }
    }

    private static string Plain(string name) =>
        string.Create(name.Length, name, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or '-' ? text[i] : '_';
            }
        });
}

using System.Buffers.Text;
using System.Text;

namespace JanServer.LlmApi.Context;

/// <summary>
/// Guesses how many tokens a text has: a token is about four characters, or one and a half of Chinese, Japanese or Korean. Good to some
/// 20 percent, and without any tokenizer.
/// </summary>
internal struct TokenEstimate
{
    private long _runes;
    private long _ideographs;

    /// <summary>The estimate of what was added.</summary>
    public readonly int Tokens => (int)Math.Min(
        int.MaxValue / 4,
        _ideographs * 10 > _runes * 3
            ? Math.Ceiling((_ideographs / 1.5) + ((_runes - _ideographs) / 4.0))
            : Math.Ceiling(_runes / 4.0));

    public void Add(Rune rune)
    {
        _runes++;
        _ideographs += IsIdeograph(rune.Value) ? 1 : 0;
    }

    /// <summary>The tokens of a text.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var estimate = default(TokenEstimate);
        foreach (var rune in text.EnumerateRunes())
        {
            estimate.Add(rune);
        }

        return estimate.Tokens;
    }

    /// <summary>The tokens of the text that a JSON string stands for, without decoding it.</summary>
    /// <param name="json">The inside of the string; an escape counts as the one character that it is.</param>
    public static int OfJson(ReadOnlySpan<byte> json)
    {
        var estimate = default(TokenEstimate);
        if (!json.Contains((byte)'\\') && Ascii.IsValid(json))
        {
            estimate._runes = json.Length;
            return estimate.Tokens;
        }

        while (!json.IsEmpty)
        {
            var length = 1;
            if (json[0] == '\\' && json.Length > 1)
            {
                length = json[1] == 'u' && json.Length >= 6 ? 6 : 2;
                estimate.AddEscape(json[..length]);
            }
            else if (json[0] < 0x80)
            {
                estimate._runes++;
            }
            else
            {
                Rune.DecodeFromUtf8(json, out var rune, out length);
                estimate.Add(rune);
            }

            json = json[length..];
        }

        return estimate.Tokens;
    }

    private void AddEscape(ReadOnlySpan<byte> escape)
    {
        var isUnit = Utf8Parser.TryParse(escape.Length == 6 ? escape[2..] : default, out ushort unit, out _, 'x');

        // The second half of a surrogate pair is the same character.
        if (!isUnit || !char.IsLowSurrogate((char)unit))
        {
            _runes++;
            _ideographs += isUnit && IsIdeograph(unit) ? 1 : 0;
        }
    }

    // Kana, ideographs with their extensions, Hangul.
    private static bool IsIdeograph(int value) =>
        value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
            or (>= 0xAC00 and <= 0xD7AF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}

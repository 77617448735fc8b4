using System.Buffers;

namespace JanServer.LlmApi.Prompts.Modules;

/// <summary>Guesses from a question what kind of answer it wants.</summary>
internal static class QuestionSigns
{
    // A question is judged by its beginning; a pasted document says nothing more.
    private const int MaxLength = 8 * 1024;

    private static readonly SearchValues<string> Code = SearchValues.Create(
        [
            "```", "code", "function", "method", "class ", "compile", "debug", "stack trace", "exception", "refactor", "unit test", "regex",
            "algorithm", "sql", "python", "javascript", "typescript", "c#", "c++", "java", "rust", "golang", "html", "css", "bash", "script",
        ],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Reasoning = SearchValues.Create(
        [
            "why", "how", "explain", "analyze", "analyse", "compare", "prove", "derive", "calculate", "step by step", "trade-off", "reason",
        ],
        StringComparison.OrdinalIgnoreCase);

    public static bool IsAboutCode(string question) => HasWord(Beginning(question), Code);

    public static bool WantsReasoning(string question)
    {
        var text = Beginning(question);
        return HasWord(text, Reasoning) || Words(text) is var words && (words >= 30 || (words >= 20 && text.Contains('?')));
    }

    private static ReadOnlySpan<char> Beginning(string question) => question.AsSpan(0, Math.Min(question.Length, MaxLength));

    // The sign must begin a word: "show" is no "how".
    private static bool HasWord(ReadOnlySpan<char> text, SearchValues<string> signs)
    {
        while (text.IndexOfAny(signs) is >= 0 and var at)
        {
            if (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
            {
                return true;
            }

            text = text[(at + 1)..];
            if (!text.IsEmpty && char.IsLetterOrDigit(text[0]))
            {
                // Leave the rest of this word: what is left of it must not look like a word of its own.
                var rest = 0;
                while (rest < text.Length && char.IsLetterOrDigit(text[rest]))
                {
                    rest++;
                }

                text = text[rest..];
            }
        }

        return false;
    }

    private static int Words(ReadOnlySpan<char> text)
    {
        var words = 0;
        var isInWord = false;
        foreach (var c in text)
        {
            var isSpace = char.IsWhiteSpace(c);
            words += !isSpace && !isInWord ? 1 : 0;
            isInWord = !isSpace;
        }

        return words;
    }
}

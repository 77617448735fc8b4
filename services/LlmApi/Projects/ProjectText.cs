using System.Globalization;
using System.Text;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Projects;

/// <summary>What a folder's name and instruction may hold.</summary>
internal static class ProjectText
{
    public const int MaxName = 120;
    public const int MaxInstruction = 32_768;

    /// <summary>The name without the space around it, or why it cannot be one.</summary>
    public static (string Name, ApiError? Error) Name(string? text)
    {
        var name = text?.Trim() ?? "";
        return name.Length == 0 ? ("", ApiError.Invalid("name", "A project's name must not be blank."))
            : Length(name) > MaxName ? ("", ApiError.Invalid("name", $"A project's name has at most {MaxName} characters."))
            : !IsPrintable(name, "") ? ("", ApiError.Invalid("name", "A project's name is one line without control characters."))
            : (name, null);
    }

    /// <summary>The instruction without the space around it, null when nothing is left, or why it cannot be one.</summary>
    public static (string? Instruction, ApiError? Error) Instruction(string? text)
    {
        var instruction = text?.Trim() ?? "";
        return Length(instruction) > MaxInstruction
            ? (null, ApiError.Invalid("instruction", $"An instruction has at most {MaxInstruction} characters."))
            : !IsPrintable(instruction, "\n\r\t")
                ? (null, ApiError.Invalid("instruction", "An instruction must not hold control characters other than line ends and tabs."))
                : (instruction.Length == 0 ? null : instruction, null);
    }

    // A character is a Unicode scalar: an emoji counts once.
    private static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }

        return length;
    }

    private static bool IsPrintable(string text, string except)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var isBreak = Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            if (isBreak && !(rune.IsBmp && except.Contains((char)rune.Value, StringComparison.Ordinal)))
            {
                return false;
            }
        }

        return true;
    }
}

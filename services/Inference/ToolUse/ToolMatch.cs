using JanServer.Inference.Chat;
using JanServer.Inference.Demo;

namespace JanServer.Inference.ToolUse;

/// <summary>How well a tool fits a clause: its kind counts most, then the words of its name, then those of its description.</summary>
internal sealed class ToolMatch
{
    private const int KindWeight = 6;
    private const int NameWeight = 4;
    private const int MaxDescription = 3;
    private const int Enough = 3;

    // Words that many tool names have and that no request means by itself.
    private static readonly HashSet<string> Generic = new(
        "get set tool do run call api fetch list make mcp function lookup current new use server jan update data info information to"
            .Split(' ')
            .Select(Stem),
        StringComparer.Ordinal);

    private readonly ToolDefinition _tool;
    private readonly ToolKind _kind;
    private readonly HashSet<string> _name;
    private readonly HashSet<string> _description;

    public ToolMatch(ToolDefinition tool)
    {
        _tool = tool;
        _kind = ToolKinds.Of(tool);
        _name = [.. Stems(new Filling.FieldName(tool.Name).Spoken).Where(word => !Generic.Contains(word))];
        _description = [.. Stems(Sentences.Shorten(tool.Description, 500)).Where(word => word.Length > 2 && !Generic.Contains(word))];
    }

    public ToolDefinition Tool => _tool;

    public ToolKind Kind => _kind;

    public int Score(string clause)
    {
        var asked = ToolKinds.AskedBy(clause);
        var words = Stems(clause).ToHashSet(StringComparer.Ordinal);
        var score = asked != ToolKind.Other && asked == _kind ? KindWeight : 0;
        score += NameWeight * _name.Count(words.Contains);
        score += Math.Min(MaxDescription, _description.Count(words.Contains));
        return clause.Contains(_tool.Name, StringComparison.OrdinalIgnoreCase) ? score + (2 * KindWeight) : score;
    }

    /// <summary>The tool that fits a clause best, or null when none fits well enough.</summary>
    public static ToolMatch? Best(IReadOnlyList<ToolMatch> tools, string clause) =>
        tools.Where(tool => tool.Score(clause) >= Enough).MaxBy(tool => tool.Score(clause));

    /// <summary>The tool to call when one must be called.</summary>
    public static ToolMatch Closest(IReadOnlyList<ToolMatch> tools, string clause) => tools.MaxBy(tool => tool.Score(clause))!;

    private static IEnumerable<string> Stems(string text) =>
        Sentences.Words(text).Where(word => !CommonWords.Contains(word)).Select(word => Stem(word.ToLowerInvariant()));

    private static string Stem(string word)
    {
        foreach (var ending in (ReadOnlySpan<string>)["ing", "ies", "es", "ed", "s", "e", "y"])
        {
            if (word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.Ordinal))
            {
                return word[..^ending.Length];
            }
        }

        return word;
    }
}

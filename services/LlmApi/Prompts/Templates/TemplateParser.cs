using System.Globalization;
using System.Text.RegularExpressions;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Reads the source of a template. The first thing that is wrong ends it, named with its line.</summary>
internal sealed partial class TemplateParser(string source)
{
    private const int MaxDepth = 16;
    private const int MaxNodes = 2000;

    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);
    private int _position;
    private int _depth;
    private int _nodes;
    private int _ranges;
    private bool _trimsNext;

    /// <summary>The action that ended the block just read: <c>end</c>, <c>else</c>, <c>else if …</c>; null at the end of the source.</summary>
    private string? _ended;

    public string? Problem { get; private set; }

    /// <summary>The outermost variables that are used.</summary>
    public IReadOnlySet<string> Variables => _variables;

    /// <summary>The nodes; null when there is a <see cref="Problem"/>.</summary>
    public IReadOnlyList<TemplateNode>? Parse()
    {
        var nodes = ReadBlock();
        if (nodes is not null && _ended is not null)
        {
            return Fail($"'{{{{{_ended}}}}}' has no beginning");
        }

        return nodes;
    }

    private List<TemplateNode>? ReadBlock()
    {
        var nodes = new List<TemplateNode>();
        while (true)
        {
            var action = ReadAction(nodes);
            if (Problem is not null)
            {
                return null;
            }

            if (action is null || action == "end" || action == "else" || action.StartsWith("else ", StringComparison.Ordinal))
            {
                _ended = action;
                return nodes;
            }

            if (!action.StartsWith("/*", StringComparison.Ordinal) && !Add(nodes, ReadNode(action)))
            {
                return null;
            }
        }
    }

    private bool Add(List<TemplateNode> nodes, TemplateNode? node)
    {
        if (node is null)
        {
            return false;
        }

        nodes.Add(node);
        return ++_nodes <= MaxNodes || Fail($"a template may have at most {MaxNodes} parts") is not null;
    }

    /// <summary>Adds the text before the next action, and returns the action; null at the end.</summary>
    private string? ReadAction(List<TemplateNode> nodes)
    {
        var open = source.IndexOf("{{", _position, StringComparison.Ordinal);
        var text = open < 0 ? source[_position..] : source[_position..open];
        var trimsEnd = open >= 0 && open + 3 < source.Length && source[open + 2] == '-' && char.IsWhiteSpace(source[open + 3]);
        text = _trimsNext ? text.TrimStart() : text;
        text = trimsEnd ? text.TrimEnd() : text;
        if (text.Length > 0 && !Add(nodes, new TemplateNode.Literal(text)))
        {
            return null;
        }

        _trimsNext = false;
        if (open < 0)
        {
            _position = source.Length;
            return null;
        }

        _position = open;
        var close = source.IndexOf("}}", open + 2, StringComparison.Ordinal);
        if (close < 0)
        {
            Fail("'{{' is not closed");
            return null;
        }

        var action = source[(open + (trimsEnd ? 3 : 2))..close];
        if (action.Length > 1 && action[^1] == '-' && char.IsWhiteSpace(action[^2]))
        {
            _trimsNext = true;
            action = action[..^1];
        }

        _position = close + 2;
        return action.Trim();
    }

    private TemplateNode? ReadNode(string action)
    {
        if (Keyword().Match(action) is { Success: true } match)
        {
            if (++_depth > MaxDepth)
            {
                Fail($"blocks may nest at most {MaxDepth} deep");
                return null;
            }

            TemplateNode? node = match.Groups[1].ValueSpan is "if" ? ReadIf(match.Groups[2].Value) : ReadRange(match.Groups[2].Value);
            _depth--;
            return node;
        }

        return ReadPath(action) is { } path ? new TemplateNode.Value(path) : null;
    }

    private TemplateNode.If? ReadIf(string condition)
    {
        var isNegated = condition.StartsWith("not ", StringComparison.Ordinal);
        if (ReadPath(isNegated ? condition[4..].TrimStart() : condition) is not { } path || ReadBlock() is not { } then)
        {
            return null;
        }

        if (_ended is { } ended && ended.StartsWith("else ", StringComparison.Ordinal))
        {
            // The chained condition is the whole of the else, and its end is this one's end.
            var chained = ended[5..].TrimStart();
            return !chained.StartsWith("if ", StringComparison.Ordinal) ? FailIf($"'{{{{{ended}}}}}' is not known")
                : ReadNode(chained) is { } inner ? new(path, isNegated, then, [inner])
                : null;
        }

        return ReadElse() is { } otherwise ? new(path, isNegated, then, otherwise) : null;
    }

    private TemplateNode.Range? ReadRange(string list)
    {
        if (ReadPath(list) is not { } path)
        {
            return null;
        }

        _ranges++;
        var each = ReadBlock();
        _ranges--;
        return each is not null && ReadElse() is { } otherwise ? new(path, each, otherwise) : null;
    }

    private List<TemplateNode>? ReadElse()
    {
        List<TemplateNode>? otherwise = [];
        if (_ended == "else" && (otherwise = ReadBlock()) is null)
        {
            return null;
        }

        if (_ended == "end")
        {
            return otherwise;
        }

        Fail(_ended is null ? "a block has no '{{end}}'" : $"'{{{{{_ended}}}}}' is not expected here");
        return null;
    }

    private TemplatePath? ReadPath(string text)
    {
        if (!PathForm().IsMatch(text))
        {
            Fail($"'{{{{{(text.Length > 60 ? text[..60] + "…" : text)}}}}}' is not known; a value is written as '.Name' or '$.Name'");
            return null;
        }

        var fromRoot = text[0] == '$';
        var names = text.Split('.', StringSplitOptions.RemoveEmptyEntries).Skip(fromRoot ? 1 : 0).ToList();
        if (names.Count > 0 && (fromRoot || _ranges == 0))
        {
            _variables.Add(names[0]);
        }

        return new(fromRoot, names);
    }

    private TemplateNode.If? FailIf(string problem)
    {
        Fail(problem);
        return null;
    }

    private IReadOnlyList<TemplateNode>? Fail(string problem)
    {
        var line = source.AsSpan(0, Math.Min(_position, source.Length)).Count('\n') + 1;
        Problem ??= string.Create(CultureInfo.InvariantCulture, $"Line {line}: {problem}.");
        return null;
    }

    [GeneratedRegex(@"^(if|range)\s+(.+)$", RegexOptions.Singleline)]
    private static partial Regex Keyword();

    [GeneratedRegex(@"^\$?(\.|(\.[A-Za-z_][A-Za-z0-9_]{0,99}){1,8})$")]
    private static partial Regex PathForm();
}

using System.Globalization;
using System.Text;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>One rendering, with its bounds: no template makes more text or takes more steps than these.</summary>
internal sealed class TemplateRenderer(TemplateValue.Map root)
{
    /// <summary>The most characters that a template may become.</summary>
    public const int MaxOutput = 128 * 1024;

    private const int MaxSteps = 20_000;

    private readonly StringBuilder _text = new();
    private int _steps;

    public string? Problem { get; private set; }

    /// <summary>The text; null when there is a <see cref="Problem"/>.</summary>
    public string? Render(IReadOnlyList<TemplateNode> nodes) => RenderAll(nodes, root) ? _text.ToString() : null;

    private bool RenderAll(IReadOnlyList<TemplateNode> nodes, TemplateValue current)
    {
        foreach (var node in nodes)
        {
            if (++_steps > MaxSteps)
            {
                return Fail($"it takes more than {MaxSteps} steps");
            }

            if (!RenderOne(node, current))
            {
                return false;
            }

            if (_text.Length > MaxOutput)
            {
                return Fail($"it becomes longer than {MaxOutput} characters");
            }
        }

        return true;
    }

    private bool RenderOne(TemplateNode node, TemplateValue current)
    {
        switch (node)
        {
            case TemplateNode.Literal literal:
                _text.Append(literal.Text);
                return true;
            case TemplateNode.Value value:
                return Find(value.Path, current) is { } found && Write(found, value.Path);
            case TemplateNode.If choice:
                return Find(choice.Path, current) is { } condition
                    && RenderAll(condition.IsTrue != choice.Negated ? choice.Then : choice.Else, current);
            case TemplateNode.Range range:
                return Find(range.Path, current) is { } list && RenderRange(range, list, current);
            default:
                return Fail($"{node.GetType().Name} is not known");
        }
    }

    private bool RenderRange(TemplateNode.Range range, TemplateValue value, TemplateValue current)
    {
        if (value is not TemplateValue.List list)
        {
            return Fail($"'{range.Path}' is no list");
        }

        if (list.Items.Count == 0)
        {
            return RenderAll(range.Else, current);
        }

        foreach (var item in list.Items)
        {
            // Counted here too, for a body without nodes takes time as well.
            if (++_steps > MaxSteps)
            {
                return Fail($"it takes more than {MaxSteps} steps");
            }

            if (!RenderAll(range.Each, item))
            {
                return false;
            }
        }

        return true;
    }

    private TemplateValue? Find(TemplatePath path, TemplateValue current)
    {
        var value = path.FromRoot ? root : current;
        foreach (var name in path.Names)
        {
            if (value is not TemplateValue.Map map || !map.Members.TryGetValue(name, out var member))
            {
                Fail($"there is no '{path}'");
                return null;
            }

            value = member;
        }

        return value;
    }

    private bool Write(TemplateValue value, TemplatePath path)
    {
        switch (value)
        {
            case TemplateValue.Text text:
                _text.Append(text.Value);
                return true;
            case TemplateValue.Flag flag:
                _text.Append(flag.Value ? "true" : "false");
                return true;
            default:
                return Fail($"'{path}' is no text");
        }
    }

    private bool Fail(string problem)
    {
        Problem ??= string.Create(CultureInfo.InvariantCulture, $"The template cannot be rendered: {problem}.");
        return false;
    }
}

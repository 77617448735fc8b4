namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Where a value is: <c>.A.B</c> from the current value, <c>$.A.B</c> from the outermost.</summary>
internal sealed record TemplatePath(bool FromRoot, IReadOnlyList<string> Names)
{
    public override string ToString() => (FromRoot ? "$." : ".") + string.Join('.', Names);
}

/// <summary>A piece of a parsed template.</summary>
internal abstract record TemplateNode
{
    public sealed record Literal(string Text) : TemplateNode;

    public sealed record Value(TemplatePath Path) : TemplateNode;

    public sealed record If(TemplatePath Path, bool Negated, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else) : TemplateNode;

    public sealed record Range(TemplatePath Path, IReadOnlyList<TemplateNode> Each, IReadOnlyList<TemplateNode> Else) : TemplateNode;
}

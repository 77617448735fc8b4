namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>
/// A prompt template: text with <c>{{.Name}}</c>, <c>{{if .Name}}…{{else if not .Name}}…{{else}}…{{end}}</c>,
/// <c>{{range .Items}}…{{else}}…{{end}}</c> (the item is <c>.</c>, the outermost values are <c>$</c>), <c>{{/* comments */}}</c> and
/// <c>{{-</c> <c>-}}</c>, which trim the space beside them. It is the part of Go's language that templates of the reference use, without
/// anything that calls code; what does not exist is an error rather than an empty text.
/// </summary>
internal sealed class Template
{
    /// <summary>The longest source, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    private readonly IReadOnlyList<TemplateNode> _nodes;

    private Template(IReadOnlyList<TemplateNode> nodes, IReadOnlySet<string> variables) => (_nodes, Variables) = (nodes, variables);

    /// <summary>The outermost variables that the template uses.</summary>
    public IReadOnlySet<string> Variables { get; }

    /// <summary>Reads a template, or says what is wrong with it.</summary>
    public static (Template? Template, string? Problem) Parse(string source)
    {
        if (source.Length > MaxLength)
        {
            return (null, $"A template may have at most {MaxLength} characters.");
        }

        var parser = new TemplateParser(source);
        var nodes = parser.Parse();
        return nodes is null ? (null, parser.Problem) : (new(nodes, parser.Variables), null);
    }

    /// <summary>The text for these values, or what stands against it: a variable that is not there, or too much text.</summary>
    public (string? Text, string? Problem) Render(TemplateValue.Map values)
    {
        var renderer = new TemplateRenderer(values);
        return renderer.Render(_nodes) is { } text ? (text, null) : (null, renderer.Problem);
    }
}

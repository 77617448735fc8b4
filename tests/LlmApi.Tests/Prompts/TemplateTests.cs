using JanServer.LlmApi.Prompts.Templates;

namespace JanServer.LlmApi.Tests.Prompts;

public class TemplateTests
{
    private static readonly TemplateValue.Map Values = new(new Dictionary<string, TemplateValue>
    {
        ["Name"] = "Ann",
        ["Empty"] = "",
        ["Yes"] = true,
        ["No"] = false,
        ["None"] = new TemplateValue.List([]),
        ["Words"] = new TemplateValue.List([new TemplateValue.Text("a"), new TemplateValue.Text("b")]),
        ["Tools"] = new TemplateValue.List([Tool("find", "Finds."), Tool("run", "")]),
    });

    [Theory]
    [InlineData("", "")]
    [InlineData("plain { text } }}", "plain { text } }}")]
    [InlineData("Hi {{.Name}}!", "Hi Ann!")]
    [InlineData("{{ .Name }}{{.Empty}}", "Ann")]
    [InlineData("{{.Yes}}", "true")]
    [InlineData("{{if .Yes}}y{{else}}n{{end}}{{if .No}}y{{else}}n{{end}}", "yn")]
    [InlineData("{{if not .Empty}}empty{{end}}{{if .Name}} name{{end}}", "empty name")]
    [InlineData("{{if .No}}1{{else if .Empty}}2{{else if .Name}}3{{else}}4{{end}}.", "3.")]
    [InlineData("{{if .No}}1{{else if .Empty}}2{{else}}4{{end}}.", "4.")]
    [InlineData("{{range .Words}}<{{.}}>{{end}}", "<a><b>")]
    [InlineData("{{range .None}}x{{else}}nothing{{end}}", "nothing")]
    [InlineData("{{range .Tools}}{{.Name}}{{if .Description}}: {{.Description}}{{end}} for {{$.Name}};{{end}}", "find: Finds. for Ann;run for Ann;")]
    [InlineData("{{range .Tools}}{{range $.Words}}{{.}}{{end}}{{end}}", "abab")]
    [InlineData("a {{- .Name -}} b", "aAnnb")]
    [InlineData("a\n{{- if .Yes}}\nb\n{{- end -}}\n c", "a\nbc")]
    [InlineData("a{{/* {not} shown */}}b", "ab")]
    public void A_template_becomes_text(string source, string text)
    {
        var (template, problem) = Template.Parse(source);
        Assert.Null(problem);
        Assert.Equal((text, null), template!.Render(Values));
    }

    [Theory]
    [InlineData("{{.Name")]
    [InlineData("{{Name}}")]
    [InlineData("{{.Name | upper}}")]
    [InlineData("{{printf \"%s\" .Name}}")]
    [InlineData("{{call .Name}}")]
    [InlineData("{{template \"x\"}}")]
    [InlineData("{{$x := .Name}}")]
    [InlineData("{{range $i, $x := .Words}}{{end}}")]
    [InlineData("{{if .Name}}")]
    [InlineData("{{if and .Name .Yes}}{{end}}")]
    [InlineData("{{end}}")]
    [InlineData("{{else}}")]
    [InlineData("{{if .Yes}}{{else}}{{else}}{{end}}")]
    [InlineData("{{if .Yes}}{{else range .Words}}{{end}}")]
    [InlineData("{{range .Words}}{{else if .Yes}}{{end}}")]
    [InlineData("{{}}")]
    [InlineData("{{..Name}}")]
    public void What_is_no_template_is_refused_with_its_line(string source)
    {
        var (template, problem) = Template.Parse("first line\n" + source);
        Assert.Null(template);
        Assert.StartsWith("Line 2:", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{.Nobody}}")]
    [InlineData("{{if .Nobody}}{{end}}")]
    [InlineData("{{range .Nobody}}{{end}}")]
    [InlineData("{{range .Tools}}{{.Nobody}}{{end}}")]
    [InlineData("{{.Name.Length}}")]
    [InlineData("{{range .Name}}{{end}}")]
    [InlineData("{{.Tools}}")]
    [InlineData("{{range .Tools}}{{.}}{{end}}")]
    [InlineData("{{.}}")]
    public void What_is_not_there_is_a_failure_rather_than_an_empty_text(string source)
    {
        var (template, _) = Template.Parse(source);
        var (text, problem) = template!.Render(Values);
        Assert.Null(text);
        Assert.StartsWith("The template cannot be rendered:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_reached_need_not_be_there() =>
        Assert.Equal(("ok", null), Template.Parse("{{if .No}}{{.Nobody}}{{end}}ok").Template!.Render(Values));

    [Fact]
    public void The_outermost_variables_are_known() => Assert.Equal(
        ["Name", "Other", "Tools", "Yes"],
        Template.Parse("{{.Name}}{{if not .Yes}}{{range .Tools}}{{.Description}}{{$.Other}}{{end}}{{end}}").Template!.Variables.Order());

    [Fact]
    public void Output_nesting_steps_and_size_are_bounded()
    {
        var many = new TemplateValue.Map(new Dictionary<string, TemplateValue>
        {
            ["L"] = new TemplateValue.List([.. Enumerable.Repeat(new TemplateValue.Text(new string('x', 100)), 1000)]),
        });
        Assert.Contains("steps", Template.Parse("{{range .L}}{{range $.L}}{{end}}{{end}}").Template!.Render(many).Problem, StringComparison.Ordinal);
        Assert.Contains("longer", Template.Parse("{{range .L}}{{.}}{{.}}{{.}}{{end}}").Template!.Render(many).Problem, StringComparison.Ordinal);
        var deep = string.Concat(Enumerable.Repeat("{{if .L}}", 17)) + string.Concat(Enumerable.Repeat("{{end}}", 17));
        Assert.Contains("nest", Template.Parse(deep).Problem, StringComparison.Ordinal);
        Assert.Contains("parts", Template.Parse(string.Concat(Enumerable.Repeat("{{.L}}", 3000))).Problem, StringComparison.Ordinal);
        Assert.Contains("characters", Template.Parse(new string('x', Template.MaxLength + 1)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_source_makes_the_parser_fail_otherwise_than_by_saying_so()
    {
        string[] pieces = ["{{", "}}", "{{-", "-}}", "if ", "range ", ".Name", "end", "else", " ", "\n", "$", ".", "/*", "*/", "x", "not "];
        var random = new Random(3);
        for (var round = 0; round < 5000; round++)
        {
            var source = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            var (template, problem) = Template.Parse(source);
            Assert.True(template is null == problem is not null, source);
            template?.Render(Values);
        }
    }

    private static TemplateValue.Map Tool(string name, string description) =>
        new(new Dictionary<string, TemplateValue> { ["Name"] = name, ["Description"] = description });
}

using JanServer.LlmApi.Prompts.Modules;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>What a template must be before it is stored: whoever writes one learns of its faults, not whoever asks a model.</summary>
internal static class TemplateChecks
{
    /// <summary>Checks the syntax, and that only variables are used that are declared and that the modules of its keys supply.</summary>
    /// <param name="content">The template.</param>
    /// <param name="declared">The variables it declares; null when it does not.</param>
    /// <param name="keys">The keys under which modules find it.</param>
    public static ApiError? Check(string content, IReadOnlyList<string>? declared, IEnumerable<string> keys)
    {
        if (content.Contains('\0'))
        {
            return ApiError.Invalid("content", "The template must not contain the character U+0000.");
        }

        var (template, problem) = Template.Parse(content);
        if (template is null)
        {
            return ApiError.Invalid("content", $"The template has a fault. {problem}");
        }

        if (declared is not null && template.Variables.FirstOrDefault(name => !declared.Contains(name, StringComparer.Ordinal)) is { } undeclared)
        {
            return ApiError.Invalid("content", $"The template uses the variable '{undeclared}', which 'variables' does not declare.");
        }

        return keys.Select(key => Supplied(template, key)).FirstOrDefault(error => error is not null);
    }

    private static ApiError? Supplied(Template template, string key) =>
        PromptModules.VariablesOf(key) is { } supplied && template.Variables.FirstOrDefault(name => !supplied.Contains(name)) is { } unknown
            ? ApiError.Invalid(
                "content",
                $"The template uses the variable '{unknown}'. For the key '{key}' there "
                + (supplied.Count == 0 ? "are none." : $"are only: {string.Join(", ", supplied.Order(StringComparer.Ordinal))}."))
            : null;
}

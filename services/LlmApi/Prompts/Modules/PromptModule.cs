using System.Collections.Frozen;
using JanServer.LlmApi.Prompts.Templates;

namespace JanServer.LlmApi.Prompts.Modules;

/// <summary>Something that may add to the system message of a chat request.</summary>
/// <param name="Name">One of <see cref="ModuleNames"/>.</param>
/// <param name="Priority">Lower comes first; what is below zero comes before the caller's own system message, the rest after it.</param>
/// <param name="TemplateKey">The template that gives its text; null when the text is the user's own.</param>
internal sealed record PromptModule(string Name, int Priority, string? TemplateKey)
{
    /// <summary>Whether it has something to say to this request.</summary>
    public required Func<PromptContext, bool> Applies { get; init; }

    /// <summary>The variables its template may use.</summary>
    public IReadOnlySet<string> Variables { get; init; } = FrozenSet<string>.Empty;

    /// <summary>The values of all of <see cref="Variables"/> for this request.</summary>
    public Func<PromptContext, IReadOnlyDictionary<string, TemplateValue>> Values { get; init; } = static _ => FrozenDictionary<string, TemplateValue>.Empty;
}

using System.Collections.Frozen;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>An active template, parsed. Without <see cref="Template"/>, <see cref="Problem"/> says why.</summary>
internal sealed record ActiveTemplate(StoredPromptTemplate Row, Template? Template, string? Problem)
{
    public string Id => Row.Id.ToString();

    public static ActiveTemplate Of(StoredPromptTemplate row)
    {
        var (template, problem) = Template.Parse(row.Content);
        return new(row, template, problem);
    }
}

/// <summary>All templates that are in use. Immutable: a change makes a new one, so readers need no lock.</summary>
internal sealed class PromptTemplateSet
{
    private readonly FrozenDictionary<string, ActiveTemplate> _byKey;
    private readonly FrozenDictionary<(string Model, string Key), ActiveTemplate> _byModel;

    private PromptTemplateSet(
        FrozenDictionary<string, ActiveTemplate> byKey, FrozenDictionary<(string Model, string Key), ActiveTemplate> byModel, bool isLoaded) =>
        (_byKey, _byModel, IsLoaded) = (byKey, byModel, isLoaded);

    public static PromptTemplateSet Empty { get; } = new(
        FrozenDictionary<string, ActiveTemplate>.Empty, FrozenDictionary<(string Model, string Key), ActiveTemplate>.Empty, isLoaded: false);

    /// <summary>Whether the table has been read.</summary>
    public bool IsLoaded { get; }

    /// <summary>The template of a key for a model: its own, else the general one.</summary>
    public ActiveTemplate? Find(string model, string key) => _byModel.GetValueOrDefault((model, key)) ?? Find(key);

    /// <summary>Whether the model has a template of its own for the key.</summary>
    public bool IsOwn(string model, string key) => _byModel.ContainsKey((model, key));

    /// <summary>The general template of a key.</summary>
    public ActiveTemplate? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <param name="templates">The active templates.</param>
    /// <param name="assignments">The active assignments.</param>
    /// <param name="before">The set before; what did not change is not parsed again.</param>
    public static PromptTemplateSet Of(
        IReadOnlyList<StoredPromptTemplate> templates, IReadOnlyList<ModelPromptTemplate> assignments, PromptTemplateSet before)
    {
        var byId = templates.ToDictionary(
            row => row.Id,
            row => before.Find(row.TemplateKey) is { } known && known.Row.Id == row.Id && known.Row.Version == row.Version ? known : ActiveTemplate.Of(row));
        return new(
            byId.Values.ToFrozenDictionary(active => active.Row.TemplateKey, StringComparer.Ordinal),
            assignments
                .Where(assignment => byId.ContainsKey(assignment.PromptTemplateId))
                .ToFrozenDictionary(assignment => (assignment.Model, assignment.TemplateKey), assignment => byId[assignment.PromptTemplateId]),
            isLoaded: true);
    }
}

using System.ComponentModel.DataAnnotations;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Gives a model its own template for a key.</summary>
/// <param name="TemplateKey">The key in whose place it comes.</param>
/// <param name="PromptTemplateId">The template, <c>pt_…</c>.</param>
/// <param name="Priority">Where it comes in lists.</param>
/// <param name="IsActive">Whether it is in use; true unless told.</param>
public sealed record AssignPromptTemplate(
    [property: Required, RegularExpression("^[A-Za-z0-9_-]{1,100}$")] string? TemplateKey,
    [property: Required] string? PromptTemplateId,
    int? Priority = null,
    bool? IsActive = null);

/// <summary>Changes an assignment; what is absent stays.</summary>
/// <param name="PromptTemplateId">Another template, <c>pt_…</c>.</param>
/// <param name="Priority">Where it comes in lists.</param>
/// <param name="IsActive">Whether it is in use.</param>
public sealed record UpdateAssignment(string? PromptTemplateId = null, int? Priority = null, bool? IsActive = null);

/// <summary>A model's own template for a key.</summary>
/// <param name="Id"><c>mpt_…</c>.</param>
/// <param name="ModelCatalogId">The model's public id.</param>
/// <param name="TemplateKey">The key in whose place it comes.</param>
/// <param name="PromptTemplateId">The template, <c>pt_…</c>.</param>
public sealed record AssignmentResource(
    string Id,
    string ModelCatalogId,
    string TemplateKey,
    string PromptTemplateId,
    int Priority,
    bool IsActive,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>A model's own templates.</summary>
public sealed record AssignmentList(IReadOnlyList<AssignmentResource> Data, int Total);

/// <summary>A template and why the model gets it.</summary>
/// <param name="Template">The template.</param>
/// <param name="Source"><c>model_specific</c> or <c>global_default</c>.</param>
public sealed record EffectiveTemplate(PromptTemplateResource Template, string Source);

/// <summary>The templates that a model gets, by key.</summary>
public sealed record EffectiveTemplates(IReadOnlyDictionary<string, EffectiveTemplate> Templates);

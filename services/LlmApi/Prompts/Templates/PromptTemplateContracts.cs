using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>Adds a prompt template.</summary>
/// <param name="Name">For people.</param>
/// <param name="Category">Such as <c>orchestration</c>, <c>system</c>, <c>tool</c> or <c>reasoning</c>.</param>
/// <param name="TemplateKey">What it is found by; letters, digits, <c>_</c> and <c>-</c>. One active template has it.</param>
/// <param name="Content">The template.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Variables">The variables it may use; using another is then an error.</param>
/// <param name="Metadata">Anything.</param>
/// <param name="IsActive">Whether it is in use; true unless told.</param>
public sealed record CreatePromptTemplate(
    [property: Required, StringLength(255, MinimumLength = 1)] string? Name,
    [property: Required, StringLength(100, MinimumLength = 1)] string? Category,
    [property: Required, RegularExpression("^[A-Za-z0-9_-]{1,100}$")] string? TemplateKey,
    [property: Required, StringLength(Template.MaxLength, MinimumLength = 1)] string? Content,
    [property: StringLength(2000)] string? Description = null,
    [property: MaxLength(100)] IReadOnlyList<string>? Variables = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null,
    bool? IsActive = null);

/// <summary>Changes a prompt template; what is absent stays. Its key stays in any case.</summary>
/// <param name="Name">For people.</param>
/// <param name="Category">Such as <c>orchestration</c>.</param>
/// <param name="Content">The template.</param>
/// <param name="Description">What it is for; empty for nothing.</param>
/// <param name="Variables">The variables it may use.</param>
/// <param name="Metadata">Anything; replaces what was there.</param>
/// <param name="IsActive">Whether it is in use.</param>
public sealed record UpdatePromptTemplate(
    [property: StringLength(255, MinimumLength = 1)] string? Name = null,
    [property: StringLength(100, MinimumLength = 1)] string? Category = null,
    [property: StringLength(Template.MaxLength, MinimumLength = 1)] string? Content = null,
    [property: StringLength(2000)] string? Description = null,
    [property: MaxLength(100)] IReadOnlyList<string>? Variables = null,
    IReadOnlyDictionary<string, JsonElement>? Metadata = null,
    bool? IsActive = null);

/// <summary>Copies a prompt template under a new key.</summary>
/// <param name="NewName">The copy's name; the original's with <c>(copy)</c> unless told.</param>
public sealed record DuplicatePromptTemplate([property: StringLength(255, MinimumLength = 1)] string? NewName = null);

/// <summary>A prompt template.</summary>
/// <param name="Id"><c>pt_…</c>.</param>
/// <param name="PublicId">The same.</param>
/// <param name="IsSystem">Whether it came with the server.</param>
/// <param name="Version">Raised by every change.</param>
/// <param name="Content">The template; absent for callers who are neither administrators nor services.</param>
public sealed record PromptTemplateResource(
    string Id,
    string PublicId,
    string Name,
    string? Description,
    string Category,
    string TemplateKey,
    string? Content,
    IReadOnlyList<string>? Variables,
    IReadOnlyDictionary<string, JsonElement>? Metadata,
    bool IsActive,
    bool IsSystem,
    int Version,
    string? CreatedBy,
    string? UpdatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>One prompt template.</summary>
public sealed record PromptTemplateEnvelope(PromptTemplateResource Data);

/// <summary>A page of prompt templates, from the newest on.</summary>
/// <param name="Data">The page.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="FirstId">The first row's id.</param>
/// <param name="LastId">The next page's <c>after</c>.</param>
public sealed record PromptTemplateList(IReadOnlyList<PromptTemplateResource> Data, int Total, bool HasMore, string? FirstId, string? LastId)
{
    /// <summary>Always <c>list</c>.</summary>
    public string Object => "list";
}

/// <summary>Which prompt templates to list.</summary>
public sealed record TemplateFilter
{
    /// <summary>Only those of this category.</summary>
    public string? Category { get; init; }

    /// <summary>Only those in use, or only those not.</summary>
    [FromQuery(Name = "is_active")]
    public bool? IsActive { get; init; }

    /// <summary>Only those that came with the server, or only those that did not.</summary>
    [FromQuery(Name = "is_system")]
    public bool? IsSystem { get; init; }

    /// <summary>Only those whose name or description has this text.</summary>
    [StringLength(200)]
    public string? Search { get; init; }
}

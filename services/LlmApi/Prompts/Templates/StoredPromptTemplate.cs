using System.ComponentModel.DataAnnotations.Schema;
using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>A prompt template: a row of <c>prompt_templates</c>.</summary>
internal sealed record StoredPromptTemplate : IIdentified
{
    public static string IdPrefix => "pt";

    public required Id<StoredPromptTemplate> Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string Category { get; init; }

    /// <summary>What modules find it by; one active template has it.</summary>
    public required string TemplateKey { get; init; }

    public required string Content { get; init; }

    /// <summary>The variables it declares; null when it does not.</summary>
    public string[]? Variables { get; init; }

    /// <summary>A JSON object that means nothing to the server.</summary>
    [Column(TypeName = "jsonb")]
    public required string Metadata { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Whether it came with the server, and so cannot be deleted.</summary>
    public required bool IsSystem { get; init; }

    /// <summary>Raised by every change.</summary>
    public required int Version { get; init; }

    public Guid? CreatedBy { get; init; }

    public Guid? UpdatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

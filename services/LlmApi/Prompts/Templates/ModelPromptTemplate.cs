using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>A template that one model gets in the place of the general one: a row of <c>model_prompt_templates</c>.</summary>
internal sealed record ModelPromptTemplate : IIdentified
{
    public static string IdPrefix => "mpt";

    public required Id<ModelPromptTemplate> Id { get; init; }

    /// <summary>The model's public id.</summary>
    public required string Model { get; init; }

    /// <summary>The key in whose place it comes; the template's own may differ.</summary>
    public required string TemplateKey { get; init; }

    public required Id<StoredPromptTemplate> PromptTemplateId { get; init; }

    public required int Priority { get; init; }

    public required bool IsActive { get; init; }

    public Guid? CreatedBy { get; init; }

    public Guid? UpdatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

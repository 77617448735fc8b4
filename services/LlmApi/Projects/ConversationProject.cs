using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.LlmApi.Projects;

/// <summary>
/// A folder of a user's conversations, with an instruction for the model: a row of <c>conversation_projects</c>. Clients know it as
/// a project; it has nothing but that name in common with an organization's project, in which it lies.
/// </summary>
internal sealed record ConversationProject : IIdentified
{
    public static string IdPrefix => "proj";

    public required Id<ConversationProject> Id { get; init; }

    public required Id<UserRef> UserId { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    /// <summary>The organization's project.</summary>
    public required Id<ProjectRef> ProjectId { get; init; }

    /// <summary>Unique among the user's in one organization's project.</summary>
    public required string Name { get; init; }

    public string? Instruction { get; init; }

    public bool IsFavorite { get; init; }

    /// <summary>When it was archived; null while it is not.</summary>
    public DateTimeOffset? ArchivedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

using System.ComponentModel.DataAnnotations.Schema;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.LlmApi.Projects;

namespace JanServer.LlmApi.Conversations;

/// <summary>A conversation of a user within an organization's project: a row of <c>conversations</c>.</summary>
internal sealed record Conversation : IIdentified
{
    public static string IdPrefix => "conv";

    public required Id<Conversation> Id { get; init; }

    public required Id<UserRef> UserId { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    public required Id<ProjectRef> ProjectId { get; init; }

    /// <summary>The folder that it lies in: <c>project_id</c> on the wire.</summary>
    public Id<ConversationProject>? FolderId { get; init; }

    public string? Title { get; init; }

    /// <summary>The user chose the title: none is generated.</summary>
    public bool TitleLocked { get; init; }

    /// <summary>The server made the title, so it may make a better one.</summary>
    public bool TitleGenerated { get; init; }

    /// <summary>A JSON object of strings.</summary>
    [Column(TypeName = "jsonb")]
    public string Metadata { get; init; } = "{}";

    public string? Referrer { get; init; }

    /// <summary>The name of the branch that is read and appended to unless another is named.</summary>
    public string ActiveBranch { get; init; } = Branches.Branch.Main;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

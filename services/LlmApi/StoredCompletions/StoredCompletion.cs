using System.ComponentModel.DataAnnotations.Schema;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.LlmApi.StoredCompletions;

/// <summary>A completion that a client asked to keep: a row of <c>stored_completions</c>. Its id is the one that the client was given.</summary>
internal sealed record StoredCompletion : IIdentified
{
    public static string IdPrefix => "chatcmpl";

    public required Id<StoredCompletion> Id { get; init; }

    public required Id<UserRef> UserId { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    public required Id<ProjectRef> ProjectId { get; init; }

    public required string Model { get; init; }

    /// <summary>A JSON object of strings.</summary>
    [Column(TypeName = "jsonb")]
    public required string Metadata { get; init; }

    /// <summary>The <c>chat.completion</c> object, without its metadata.</summary>
    [Column(TypeName = "json")]
    public required string Completion { get; init; }

    /// <summary>The messages of the request, a JSON array.</summary>
    [Column(TypeName = "json")]
    public required string Messages { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

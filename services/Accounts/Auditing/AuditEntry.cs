using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.Accounts.Auditing;

/// <summary>Marks the id of an audit entry.</summary>
internal abstract class AuditRef : IIdentified
{
    public static string IdPrefix => "audit";
}

/// <summary>That someone did something to an account object; written in the transaction of the deed. Never holds a secret.</summary>
internal sealed class AuditEntry
{
    public const string ApiKeyCreated = "api_key.created";
    public const string ApiKeyRevoked = "api_key.revoked";

    public required Id<AuditRef> Id { get; init; }

    public required Id<UserRef> UserId { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    public required Id<ProjectRef> ProjectId { get; init; }

    /// <summary>The API key that was used to do it, if one was.</summary>
    public Guid? ApiKeyId { get; init; }

    public required string Action { get; init; }

    public required Guid TargetId { get; init; }

    public string? RequestId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static AuditEntry Of(Caller caller, string action, Guid target, string requestId, TimeProvider clock) => new()
    {
        Id = Id<AuditRef>.New(clock),
        UserId = caller.UserId,
        OrganizationId = caller.OrganizationId,
        ProjectId = caller.ProjectId,
        ApiKeyId = caller.ApiKeyId?.Value,
        Action = action,
        TargetId = target,
        RequestId = requestId,
        CreatedAt = clock.GetUtcNow(),
    };
}

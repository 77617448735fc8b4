using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Accounts.Auditing;

/// <summary>Marks the id of an audit entry.</summary>
internal abstract class AuditRef : IIdentified
{
    public static string IdPrefix => "audit";
}

/// <summary>That someone did something, or tried to. Never holds a secret.</summary>
internal sealed class AuditEntry
{
    public const string ApiKeyCreated = "api_key.created";
    public const string ApiKeyRevoked = "api_key.revoked";

    private const string ApiKey = "api_key";

    public required Id<AuditRef> Id { get; init; }

    public required Id<UserRef> UserId { get; init; }

    public string? UserEmail { get; init; }

    public required Id<OrganizationRef> OrganizationId { get; init; }

    public required Id<ProjectRef> ProjectId { get; init; }

    /// <summary>The API key that was used to do it, if one was.</summary>
    public Guid? ApiKeyId { get; init; }

    public required string Action { get; init; }

    /// <summary>The UUID of what it was done to, when that is a row of ours.</summary>
    public Guid? TargetId { get; init; }

    public required string ResourceType { get; init; }

    /// <summary>What it was done to, as clients name it.</summary>
    public string? ResourceId { get; init; }

    /// <summary>What was asked for, as JSON.</summary>
    public string? Payload { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>How it was answered.</summary>
    public int? StatusCode { get; init; }

    public string? RequestId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What a caller did to an API key; written in the transaction of the deed.</summary>
    public static AuditEntry Of(Caller caller, string action, Id<ApiKeyRef> key, string requestId, TimeProvider clock) => new()
    {
        Id = Id<AuditRef>.New(clock),
        UserId = caller.UserId,
        UserEmail = caller.Email,
        OrganizationId = caller.OrganizationId,
        ProjectId = caller.ProjectId,
        ApiKeyId = caller.ApiKeyId?.Value,
        Action = action,
        TargetId = key.Value,
        ResourceType = ApiKey,
        ResourceId = key.ToString(),
        RequestId = requestId,
        CreatedAt = clock.GetUtcNow(),
    };

    /// <summary>What somebody reports of an administrator. Texts are cut to what the log holds.</summary>
    public static AuditEntry Of(RecordAudit record, TimeProvider clock) => new()
    {
        Id = Id<AuditRef>.New(clock),
        UserId = record.UserId,
        UserEmail = AuditLimits.Cut(record.UserEmail, AuditLimits.Text),
        OrganizationId = record.OrganizationId,
        ProjectId = record.ProjectId,
        ApiKeyId = record.ApiKeyId?.Value,
        Action = record.Action,
        ResourceType = record.ResourceType,
        ResourceId = AuditLimits.Cut(record.ResourceId, AuditLimits.Text),
        Payload = AuditLimits.Storable(record.Payload),
        IpAddress = AuditLimits.Cut(record.IpAddress, AuditLimits.Name),
        UserAgent = AuditLimits.Cut(record.UserAgent, AuditLimits.UserAgent),
        StatusCode = record.StatusCode,
        RequestId = AuditLimits.Cut(record.RequestId, AuditLimits.Text),
        CreatedAt = clock.GetUtcNow(),
    };

    internal static void Map(ModelBuilder model) =>
        model.Entity<AuditEntry>().Property(entry => entry.Payload).HasColumnType("json");
}

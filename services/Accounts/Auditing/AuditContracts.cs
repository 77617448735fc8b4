using System.Text.Json;

namespace JanServer.Accounts.Auditing;

/// <summary>That someone did something, or tried to.</summary>
/// <param name="Id"><c>audit_…</c>.</param>
/// <param name="AdminUserId">Who: <c>user_…</c>.</param>
/// <param name="AdminEmail">Their address then, if known.</param>
/// <param name="ApiKeyId">The API key that was used, if one was.</param>
/// <param name="Action">What, such as <c>user.created</c>.</param>
/// <param name="ResourceType">To what, such as <c>user</c>.</param>
/// <param name="ResourceId">To which, if that was known.</param>
/// <param name="Payload">What was asked for, without secrets.</param>
/// <param name="IpAddress">From where.</param>
/// <param name="UserAgent">With what.</param>
/// <param name="StatusCode">How it was answered; absent in entries that were written together with what they record.</param>
/// <param name="RequestId">The request.</param>
/// <param name="CreatedAt">When.</param>
public sealed record AuditLog(
    string Id,
    string AdminUserId,
    string? AdminEmail,
    string? ApiKeyId,
    string Action,
    string ResourceType,
    string? ResourceId,
    JsonElement? Payload,
    string? IpAddress,
    string? UserAgent,
    int? StatusCode,
    string? RequestId,
    DateTimeOffset CreatedAt)
{
    /// <summary>Always <c>audit_log</c>.</summary>
    public string Object => "audit_log";

    internal static AuditLog From(AuditEntry entry) => new(
        entry.Id.ToString(),
        entry.UserId.ToString(),
        entry.UserEmail,
        entry.ApiKeyId is { } key ? new Contracts.Ids.Id<Contracts.Tenancy.ApiKeyRef>(key).ToString() : null,
        entry.Action,
        entry.ResourceType,
        entry.ResourceId,
        entry.Payload is { } payload ? JsonElement.Parse(payload) : null,
        entry.IpAddress,
        entry.UserAgent,
        entry.StatusCode,
        entry.RequestId,
        entry.CreatedAt);
}

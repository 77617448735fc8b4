using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.Contracts.Accounts;

/// <summary>That an administrator did something, or tried to. Accounts cuts texts and payloads that are too long.</summary>
/// <param name="UserId">Who.</param>
/// <param name="OrganizationId">Their organization.</param>
/// <param name="ProjectId">Their project.</param>
/// <param name="Action">What: such as <c>user.created</c>, or the name of an operation; 1 to 100 characters.</param>
/// <param name="ResourceType">To what, such as <c>provider</c>; 1 to 100 characters.</param>
/// <param name="ResourceId">To which, if that is known.</param>
/// <param name="UserEmail">Their address, if known.</param>
/// <param name="ApiKeyId">The API key that was used, if one was.</param>
/// <param name="Payload">What was asked for. Never holds a secret.</param>
/// <param name="IpAddress">From where.</param>
/// <param name="UserAgent">With what.</param>
/// <param name="StatusCode">How it was answered.</param>
/// <param name="RequestId">The request.</param>
public sealed record RecordAudit(
    Id<UserRef> UserId,
    Id<OrganizationRef> OrganizationId,
    Id<ProjectRef> ProjectId,
    string Action,
    string ResourceType,
    string? ResourceId = null,
    string? UserEmail = null,
    Id<ApiKeyRef>? ApiKeyId = null,
    JsonElement? Payload = null,
    string? IpAddress = null,
    string? UserAgent = null,
    int? StatusCode = null,
    string? RequestId = null);

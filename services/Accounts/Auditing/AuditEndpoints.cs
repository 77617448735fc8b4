using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Accounts.Auditing;

internal static class AuditEndpoints
{
    public static void MapAuditLogs(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/admin/audit-logs", ListAsync)
            .WithName("listAuditLogs")
            .WithSummary("What administrators did or tried to do, newest first.")
            .WithTags("Administration")
            .RequireAdmin();

        app.MapPost("/internal/audit-logs", RecordAsync)
            .WithName("recordAudit")
            .WithSummary("Records what an administrator did at another service.")
            .ExcludeFromDescription()
            .RequireService();
    }

    private static async Task<Results<Ok<Page<AuditLog>>, ApiError>> ListAsync(
        [AsParameters] PageQuery page,
        string? actor,
        string? action,
        string? resource,
        string? resource_id,
        DateTimeOffset? since,
        AuditStore log,
        CancellationToken ct)
    {
        Id<UserRef>? user = actor is null ? null : Id<UserRef>.Parse(actor);
        if (user is { IsNone: true })
        {
            return ApiError.Invalid("actor", "The actor must be the id of a user.");
        }

        if (page.After is not null && Id<AuditRef>.Parse(page.After).IsNone)
        {
            return ApiError.Invalid("after", "The cursor must be the id of an audit entry.");
        }

        var rows = await log.ListAsync(page, new(user, action, resource, resource_id, since), ct);
        return TypedResults.Ok(Page.Of(rows, page.Take, AuditLog.From, entry => entry.Id));
    }

    private static async Task<Results<NoContent, ApiError>> RecordAsync(
        RecordAudit record, AuditStore log, TimeProvider clock, CancellationToken ct)
    {
        if (record.UserId.IsNone)
        {
            return ApiError.Missing("user_id");
        }

        if (record.Action is not { Length: > 0 and <= AuditLimits.Name })
        {
            return ApiError.Invalid("action", $"An action has 1 to {AuditLimits.Name} characters.");
        }

        if (record.ResourceType is not { Length: > 0 and <= AuditLimits.Name })
        {
            return ApiError.Invalid("resource_type", $"A resource type has 1 to {AuditLimits.Name} characters.");
        }

        await log.AddAsync(AuditEntry.Of(record, clock), ct);
        return TypedResults.NoContent();
    }
}

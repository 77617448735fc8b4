using System.Data.Common;
using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Requests;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Accounts.Auditing;

/// <summary>Records what administrators do here, whatever becomes of it.</summary>
internal sealed partial class AuditWriter(AuditStore log, AuditTrail trail, TimeProvider clock, ILogger<AuditWriter> logger)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Records a request that has been answered. It is done by then, so a log that cannot be written changes no answer; the entry
    /// goes to the service's own log instead.
    /// </summary>
    public async Task WriteAsync(HttpContext context, string action, string resourceType, int status)
    {
        if (Caller.Of(context) is not { } caller)
        {
            return;
        }

        var resource = trail.ResourceId ?? context.GetRouteValue("id")?.ToString();
        var entry = AuditEntry.Of(
            new RecordAudit(
                caller.UserId,
                caller.OrganizationId,
                caller.ProjectId,
                action,
                resourceType,
                resource,
                caller.Email,
                caller.ApiKeyId,
                trail.Payload,
                ForwardedRequest.Address(context).ToString(),
                context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
                status,
                context.TraceIdentifier),
            clock);

        // Not the client's token: who hangs up has done it all the same.
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await log.AddAsync(entry, deadline.Token);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            Log.NotRecorded(logger, e, action, resource, caller.UserId.ToString(), status);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The audit log lacks this: {Action} of {Resource} by {User}, answered {Status}")]
        public static partial void NotRecorded(ILogger logger, Exception exception, string action, string? resource, string user, int status);
    }
}

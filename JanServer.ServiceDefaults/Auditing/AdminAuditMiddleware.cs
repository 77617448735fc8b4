using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JanServer.ServiceDefaults.Auditing;

/// <summary>Stands behind authorization and in front of the endpoints.</summary>
internal sealed class AdminAuditMiddleware(RequestDelegate next, AuditReports reports)
{
    private const int ClientClosedRequest = 499;
    private const int MaxNameLength = 100;

    private static readonly PathString Administration = new("/v1/admin");

    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsWrite(context.Request.Method)
            || !context.Request.Path.StartsWithSegments(Administration, out var below)
            || context.GetEndpoint() is not { } endpoint
            || Caller.Of(context) is not { IsAdmin: true } caller)
        {
            await next(context);
            return;
        }

        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        catch (BadHttpRequestException bad)
        {
            status = bad.StatusCode;
            throw;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            status = ClientClosedRequest;
            throw;
        }
        finally
        {
            reports.Add(ReportOf(context, endpoint, below, caller, status));
        }
    }

    private static bool IsWrite(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static RecordAudit ReportOf(HttpContext context, Endpoint endpoint, PathString below, Caller caller, int status)
    {
        var resources = below.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : "administration";
        var action = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? $"{context.Request.Method} {resources}";
        return new(
            caller.UserId,
            caller.OrganizationId,
            caller.ProjectId,
            Cut(action),
            Cut(resources),
            context.Request.RouteValues.Count > 0 ? string.Join('/', context.Request.RouteValues.Values) : null,
            caller.Email,
            caller.ApiKeyId,
            Payload: null,
            ForwardedRequest.Address(context).ToString(),
            context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
            status,
            context.TraceIdentifier);
    }

    private static string Cut(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength];
}

using System.Net;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Sandbox.Access;

/// <summary>
/// Who may have code run: with <c>CallerToken:Key</c> whoever the gateway or another service vouches for, without it whoever is on
/// this machine.
/// </summary>
internal static class SandboxAccess
{
    /// <summary>The owner of what unknown callers on this machine have.</summary>
    public const string Local = "local";

    public static WebApplicationBuilder AddSandboxAccess(this WebApplicationBuilder builder)
    {
        if (IsGuarded(builder.Configuration))
        {
            builder.AddCallerAuthentication();
        }

        return builder;
    }

    /// <summary>The group of the routes that run code.</summary>
    public static RouteGroupBuilder MapGuarded(this WebApplication app)
    {
        var group = app.MapGroup("").WithTags("Sandbox");
        if (IsGuarded(app.Configuration))
        {
            group.RequireScope(Scopes.Tools, Scopes.Inference);
        }
        else
        {
            group.AddEndpointFilter(async (context, next) =>
                IsLocal(context.HttpContext.Connection)
                    ? await next(context)
                    : ApiError.Forbidden("This sandbox serves its own machine only. Set CallerToken:Key to serve the services of a deployment."));
        }

        return group;
    }

    /// <summary>Whose sessions a caller has: those of the user in the project, or of the service.</summary>
    public static string OwnerOf(Caller? caller) => caller is null ? Local : $"{caller.Subject}/{caller.UserId}/{caller.ProjectId}";

    private static bool IsGuarded(IConfiguration configuration) => configuration["CallerToken:Key"] is { Length: > 0 };

    // A connection without an address is a Unix socket or in memory: it cannot come from elsewhere.
    private static bool IsLocal(ConnectionInfo connection) => connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address);
}

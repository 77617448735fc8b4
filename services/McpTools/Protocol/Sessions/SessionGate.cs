using JanServer.McpTools.Protocol.Requests;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.Protocol.Sessions;

/// <summary>What GET and DELETE check first: the origin, the revision, and that the session is the caller's.</summary>
internal sealed class SessionGate(Origins origins, SessionStore sessions)
{
    /// <summary>The session, null for a request without one; or why the request is refused.</summary>
    public async Task<(Session? Session, RequestError? Error)> EnterAsync(HttpContext context, Caller caller)
    {
        if (!origins.Allow(context.Request))
        {
            return (null, RequestError.ForeignOrigin());
        }

        var headers = context.Request.Headers;
        var revision = headers.ValueOf(HeaderNames.ProtocolVersion);
        if (revision == Revisions.Stateless)
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return (null, RequestError.Invalid($"Revision {Revisions.Stateless} has only POST.", StatusCodes.Status405MethodNotAllowed));
        }

        if (revision is not null && !Revisions.WithHandshake.Contains(revision))
        {
            return (null, RequestError.Unsupported(revision, Revisions.All));
        }

        return await FindAsync(headers, caller, context.RequestAborted);
    }

    /// <summary>The session that the headers name.</summary>
    public async Task<(Session? Session, RequestError? Error)> FindAsync(IHeaderDictionary headers, Caller caller, CancellationToken ct)
    {
        if (headers.ValueOf(HeaderNames.SessionId) is not { } id)
        {
            return (null, null);
        }

        return await sessions.FindAsync(caller, id, ct) is { } session ? (session, null) : (null, RequestError.SessionNotFound());
    }
}

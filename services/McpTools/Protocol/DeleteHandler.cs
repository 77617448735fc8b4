using JanServer.McpTools.Protocol.Answers;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Sessions;
using JanServer.McpTools.Protocol.Signals;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.Protocol;

/// <summary><c>DELETE</c>: a client ends its session. What is open of it ends too, on every replica.</summary>
internal sealed class DeleteHandler(SessionGate gate, SessionStore sessions, SignalBus bus)
{
    public async Task HandleAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        var caller = Caller.Of(context)!;
        var (session, error) = await gate.EnterAsync(context, caller);
        error ??= session is null ? RequestError.Invalid($"Header {HeaderNames.SessionId} is required.") : null;
        if (error is not null)
        {
            await JsonAnswer.RefuseAsync(context.Response, error, ct);
            return;
        }

        await sessions.RemoveAsync(caller, session!.Id, ct);
        await bus.SendAsync(new(SignalKind.StreamReplaced, Subject: session.Id), ct);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}

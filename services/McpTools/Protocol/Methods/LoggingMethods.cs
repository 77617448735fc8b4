using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Sessions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary><c>logging/setLevel</c> of the revisions with a handshake.</summary>
internal sealed class LoggingMethods(SessionStore sessions) : IMethods
{
    public void AddTo(McpServerOptions server, McpRequest request) => server.Handlers.SetLoggingLevelHandler = async (context, ct) =>
    {
        // Without a session there is nothing that it could be remembered for: such a client gets warnings and worse.
        if (request.Session is { } session && context.Params is { } parameters)
        {
            await sessions.SetLogLevelAsync(session, parameters.Level, ct);
        }

        return new EmptyResult();
    };
}

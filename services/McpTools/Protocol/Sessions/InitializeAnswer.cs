using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Data.Connections;
using JanServer.McpTools.Protocol.Answers;
using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Sessions;

/// <summary>Begins a session when the handshake succeeds, and tells its id in the head of the answer.</summary>
internal sealed class InitializeAnswer(IAnswer inner, JsonRpcRequest request, Caller caller, SessionStore sessions, IHeaderDictionary headers) : IAnswer
{
    public bool CanNotify => inner.CanNotify;

    public ValueTask SendAsync(JsonRpcMessage message, CancellationToken ct) => inner.SendAsync(message, ct);

    public async ValueTask FinishAsync(JsonRpcMessage answer, CancellationToken ct)
    {
        if (answer is JsonRpcResponse { Result: JsonObject result } && (string?)result["protocolVersion"] is { } revision)
        {
            var parameters = request.Params.Deserialize(McpJson.TypeOf<InitializeRequestParams>());
            try
            {
                headers[HeaderNames.SessionId] = await sessions.AddAsync(caller, revision, parameters?.Capabilities ?? new(), ct);
            }
            catch (Exception e) when (DatabaseFailure.IsOutage(e))
            {
                // A client may be served without a session, and is.
            }
        }

        await inner.FinishAsync(answer, ct);
    }

    // A stream that has begun has lost its chance to tell the id.
    public ValueTask KeepAliveAsync(CancellationToken ct) => default;

    public ValueTask AbandonAsync(CancellationToken ct) => inner.AbandonAsync(ct);
}

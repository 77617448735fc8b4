using System.Text.Json;
using JanServer.Data.Statements;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Signals;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using Npgsql;

namespace JanServer.McpTools.Protocol.Sessions;

/// <summary>Both ends of the questions to clients: makes the one that asks, and takes in the answers.</summary>
internal sealed class QuestionAnswers(NpgsqlDataSource database, SignalBus bus, IOptions<ProtocolOptions> options, TimeProvider clock)
{
    /// <summary>Asks the client of a session.</summary>
    public IQuestions Of(Session session) =>
        new SessionQuestions(session, database, bus, clock, TimeSpan.FromSeconds(options.Value.QuestionSeconds));

    /// <summary>Hands the client's answer to the replica that asked. The error says that nobody did.</summary>
    public async Task<RequestError?> TakeAsync(Session session, JsonRpcMessageWithId answer, CancellationToken ct)
    {
        var id = answer.Id.ToString();
        var text = JsonSerializer.Serialize(answer, McpJson.TypeOf<JsonRpcMessage>());
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            if (await connection.ExecuteAsync(
                $"UPDATE mcp_questions SET answer = {text} WHERE id = {id} AND session_id = {session.Id} AND answer IS NULL", ct) == 0)
            {
                return RequestError.Invalid("No question with that id waits for an answer.");
            }
        }

        await bus.SendAsync(new(SignalKind.QuestionAnswered, Subject: id), ct);
        return null;
    }
}

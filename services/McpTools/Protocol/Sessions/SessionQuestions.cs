using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using JanServer.Data.Statements;
using JanServer.McpTools.Protocol.Answers;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Signals;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Npgsql;

namespace JanServer.McpTools.Protocol.Sessions;

/// <summary>
/// Questions to the client of a session. They go out on the stream of the running request; the answer is another POST, to whichever
/// replica, which stores it and signals the one that waits.
/// </summary>
internal sealed class SessionQuestions(Session session, NpgsqlDataSource database, SignalBus bus, TimeProvider clock, TimeSpan patience) : IQuestions
{
    private const int IdBytes = 18;

    public async ValueTask<IDictionary<string, InputResponse>> AskAsync(
        IDictionary<string, InputRequest> questions, IAnswer answer, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(patience, clock);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var answers = new Dictionary<string, InputResponse>(StringComparer.Ordinal);
        try
        {
            foreach (var (key, question) in questions)
            {
                answers[key] = await AskAsync(question, answer, life.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new McpProtocolException("The client did not answer a question in time.", McpErrorCode.InternalError);
        }

        return answers;
    }

    private async Task<InputResponse> AskAsync(InputRequest question, IAnswer answer, CancellationToken ct)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));
        using var pending = new PendingSignals(bus, signal => signal.Kind == SignalKind.QuestionAnswered && signal.Subject == id);
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            await connection.ExecuteAsync(
                $"INSERT INTO mcp_questions (id, session_id, created_at) VALUES ({id}, {session.Id}, {clock.GetUtcNow()})", ct);
        }

        try
        {
            var parameters = JsonSerializer.SerializeToNode(question, McpJson.TypeOf<InputRequest>())?["params"]?.DeepClone();
            await answer.SendAsync(new JsonRpcRequest { Id = new(id), Method = question.Method, Params = parameters }, ct);
            while (true)
            {
                await pending.TakeAsync(ct);
                if (await FindAsync(id, ct) is { } message)
                {
                    return Read(message);
                }
            }
        }
        finally
        {
            await ForgetAsync(id);
        }
    }

    private async Task<string?> FindAsync(string id, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"SELECT answer FROM mcp_questions WHERE id = {id} AND answer IS NOT NULL", row => row.GetString(0), ct);
    }

    private async Task ForgetAsync(string id)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5), clock);
        await using var connection = await database.OpenConnectionAsync(soon.Token);
        await connection.ExecuteAsync($"DELETE FROM mcp_questions WHERE id = {id}", soon.Token);
    }

    private static InputResponse Read(string message) => JsonSerializer.Deserialize(message, McpJson.TypeOf<JsonRpcMessage>()) switch
    {
        JsonRpcResponse { Result: { } result } => new() { RawValue = JsonSerializer.SerializeToElement(result, McpJson.TypeOf<System.Text.Json.Nodes.JsonNode>()) },
        JsonRpcError { Error: { } error } => throw new McpProtocolException($"The client did not answer a question: {error.Message}", McpErrorCode.InvalidRequest),
        _ => throw new McpProtocolException("The client's answer to a question is empty.", McpErrorCode.InvalidRequest),
    };
}

using JanServer.McpTools.Protocol.Answers;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Requests;

/// <summary>Asks the client of a session while one of its requests is running (the revisions with a handshake).</summary>
internal interface IQuestions
{
    /// <summary>Sends the questions on the stream of the request and waits for the answers, which come with other requests.</summary>
    /// <exception cref="ModelContextProtocol.McpProtocolException">The client refuses to answer, or takes too long.</exception>
    ValueTask<IDictionary<string, InputResponse>> AskAsync(IDictionary<string, InputRequest> questions, IAnswer answer, CancellationToken ct);
}

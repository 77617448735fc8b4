using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol;

/// <summary>
/// The client of a call, as far as a tool or a prompt may deal with it: what it can do, what it was asked and answered, and how to tell
/// it something. Whoever needs an answer (elicitation, sampling, roots) throws <see cref="InputRequiredException"/> and is called
/// again with <see cref="Answers"/>, in every revision of MCP.
/// </summary>
/// <param name="capabilities">What the client says it can do.</param>
/// <param name="answers">What it answered, by the keys of the questions.</param>
/// <param name="state">What the one who asked wanted to remember.</param>
/// <param name="log">Sends a log message if the client wants messages of that level.</param>
internal sealed class ClientDialogue(
    ClientCapabilities capabilities,
    IDictionary<string, InputResponse> answers,
    string? state,
    Func<LoggingLevel, string, JsonElement, CancellationToken, ValueTask> log)
{
    /// <summary>What the client says it can do. A question that it cannot answer is refused for it (-32021).</summary>
    public ClientCapabilities Capabilities => capabilities;

    /// <summary>The client's answers by the keys of the questions; empty the first time. They are the client's claims: check them.</summary>
    public IDictionary<string, InputResponse> Answers => answers;

    /// <summary>The state that went with the questions, unchanged; null the first time.</summary>
    public string? State => state;

    /// <summary>Tells the client's log something, if it wants to know messages of that level.</summary>
    public ValueTask LogAsync(LoggingLevel level, string logger, JsonElement data, CancellationToken ct) => log(level, logger, data, ct);

    /// <summary>The same client, who is told nothing any more once <paramref name="gone"/> is cancelled.</summary>
    public ClientDialogue Until(CancellationToken gone) => new(
        capabilities, answers, state, (level, logger, data, ct) => gone.IsCancellationRequested ? default : log(level, logger, data, ct));
}

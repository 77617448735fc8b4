using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Sessions;

/// <summary>What a client's handshake agreed on and what it asked for since.</summary>
/// <param name="Id">The <c>Mcp-Session-Id</c>.</param>
/// <param name="Revision">The revision that was agreed on.</param>
/// <param name="Capabilities">What the client can do.</param>
/// <param name="LogLevel">The least level of log messages that it wants; null when it did not say.</param>
/// <param name="Subscriptions">The resources that it wants to hear of.</param>
internal sealed record Session(
    string Id, string Revision, ClientCapabilities Capabilities, LoggingLevel? LogLevel, IReadOnlyCollection<string> Subscriptions);

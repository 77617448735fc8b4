using JanServer.McpTools.Protocol.Requests;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary>Some of MCP's methods, such as those of tools.</summary>
internal interface IMethods
{
    /// <summary>Adds their handlers to the server that is made for one request.</summary>
    void AddTo(McpServerOptions server, McpRequest request);
}

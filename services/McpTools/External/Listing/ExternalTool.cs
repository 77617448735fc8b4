using System.Text.Json.Nodes;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.External.Listing;

/// <summary>A tool of an external server, under the name that it has here.</summary>
internal sealed class ExternalTool(ExternalServer server, Tool tool, string name, ExternalCalls calls) : ITool
{
    public ExternalServer Server => server;

    /// <summary>The server's own name of it.</summary>
    public string OwnName => tool.Name;

    public Tool Definition { get; } = Define(server, tool, name);

    public string? Unavailable => null;

    public string? Provider => server.Label;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct) => await calls.RunAsync(server, tool, call, ct);

    private static Tool Define(ExternalServer server, Tool tool, string name)
    {
        var meta = (JsonObject?)tool.Meta?.DeepClone() ?? [];
        meta[ToolMeta.ServerLabel] = server.Label;
        meta[ToolMeta.OwnName] = tool.Name;
        meta[ToolMeta.RequireApproval] = server.ApprovalOf(tool.Name);
        return new()
        {
            Name = name,
            Title = tool.Title,
            Description = $"[{server.Label}] {tool.Description}".TrimEnd(),
            InputSchema = tool.InputSchema,
            OutputSchema = tool.OutputSchema,
            Annotations = tool.Annotations,
            Icons = tool.Icons,
            Meta = meta,
        };
    }
}

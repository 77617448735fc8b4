using System.Text.Json.Nodes;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.External.Listing;

/// <summary>Stands for the tools of a server that the caller has never signed in to: it gives the link.</summary>
internal sealed class SignInTool(ExternalServer server, string name, ExternalCalls calls) : ITool
{
    /// <summary>What follows the label.</summary>
    public const string Name = "sign_in";

    public Tool Definition { get; } = new()
    {
        Name = name,
        Title = $"Sign in to {server.Label}",
        Description = $"""
            [{server.Label}] The user has not signed in to this server, so its tools are not known. Gives the link to sign in. {server.Description}
            """.TrimEnd(),
        InputSchema = ToolSchema.Parse("""{"type":"object","properties":{},"additionalProperties":false}"""u8),
        Annotations = new() { ReadOnlyHint = true, OpenWorldHint = true },
        Meta = new JsonObject { [ToolMeta.ServerLabel] = server.Label },
    };

    public string? Unavailable => null;

    public string? Provider => server.Label;

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct) => await calls.AskToSignInAsync(server, call.Caller, ct);
}

using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>
/// A server that mcp-tools knows, whose tools are there as <c>name_tool</c>; or, by the name <see cref="All"/>, everything that mcp-tools
/// offers the caller.
/// </summary>
internal sealed class RegisteredServer(ToolSetBuilder set, string name, string param) : IMcpServer
{
    /// <summary>The label of mcp-tools itself.</summary>
    public const string All = "jan";

    private readonly string _prefix = name is All ? "" : $"{name}_";

    public bool KeepsCallsOnce => true;

    public async ValueTask<McpListing> ListAsync(CancellationToken ct)
    {
        var (tools, failure) = await set.ListHostedAsync(ct);
        if (tools is null)
        {
            return new(null, failure);
        }

        var own = tools.Where(tool => tool.Name.StartsWith(_prefix, StringComparison.Ordinal) && tool.Name.Length > _prefix.Length)
            .Select(tool => tool with { Name = tool.Name[_prefix.Length..] })
            .ToList();
        return own.Count > 0 || name is All
            ? new(own)
            : new(null, Refusal: ApiError.Invalid(
                param, $"No MCP server '{name}' with tools for you is registered here. Register it, or name it with 'server_url'."));
    }

    public ValueTask<(McpToolResult? Result, McpFailure? Failure)> CallAsync(
        McpTool tool, JsonElement arguments, ToolInvocation invocation, CancellationToken ct) =>
        set.Hosted.CallAsync(invocation, _prefix + tool.Name, arguments, ct);

    public string FunctionNameOf(McpTool tool) => _prefix + tool.Name;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Tools.Hosted;
using JanServer.ResponseApi.Tools.Reading;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>
/// An external server that mcp-tools has registered, whose tools have other names there; or, by the name <see cref="All"/>, everything that
/// mcp-tools offers the caller.
/// </summary>
internal sealed class RegisteredServer(ToolSetBuilder set, string name, string param) : IMcpServer
{
    /// <summary>The label of mcp-tools itself.</summary>
    public const string All = "jan";

    private readonly string _prefix = name is All ? "" : $"{name}_";
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    // Tools of mcp-tools' own that may want to be told that the user has agreed.
    private readonly HashSet<string> _approvable = new(StringComparer.Ordinal);

    public bool KeepsCallsOnce => true;

    public async ValueTask<McpListing> ListAsync(IReadOnlyList<McpTool>? known, CancellationToken ct)
    {
        var (tools, failure) = await set.ListHostedAsync(ct);
        if (tools is null)
        {
            return known is null ? new(null, failure) : new(known);
        }

        var found = new List<McpTool>();
        foreach (var tool in tools.Where(IsOwn))
        {
            var ownName = tool.OwnName is { } own && name is not All ? own
                : tool.Name.StartsWith(_prefix, StringComparison.Ordinal) ? tool.Name[_prefix.Length..]
                : tool.Name;
            _names[ownName] = tool.Name;
            var isApprovable = tool.ServerLabel is null && ModelSchema.Takes(tool.InputSchema, ModelSchema.Approved);
            if (isApprovable)
            {
                _approvable.Add(ownName);
            }

            found.Add(tool with { Name = ownName, InputSchema = ModelSchema.Without(tool.InputSchema, isApprovable ? [ModelSchema.Approved] : []) });
        }

        return found.Count > 0 || name is All
            ? new(found)
            : new(null, Refusal: ApiError.Invalid(
                param, $"No MCP server '{name}' with tools for you is registered here. Register it, or name it with 'server_url'."));
    }

    public ValueTask<(McpToolResult? Result, McpFailure? Failure)> CallAsync(
        McpTool tool, JsonElement arguments, ToolInvocation invocation, CancellationToken ct) =>
        set.Hosted.CallAsync(invocation, FunctionNameOf(tool), _approvable.Contains(tool.Name) ? Decided(arguments, invocation) : arguments, ct);

    public string FunctionNameOf(McpTool tool) => _names.GetValueOrDefault(tool.Name) ?? _prefix + tool.Name;

    private static JsonElement Decided(JsonElement arguments, ToolInvocation invocation)
    {
        var decided = JsonObject.Create(arguments)!;
        decided.Remove(ModelSchema.Approved);
        if (invocation.ApprovalRequestId is not null)
        {
            decided[ModelSchema.Approved] = true;
        }

        return ToolJson.Element(decided);
    }

    private bool IsOwn(McpTool tool) => name is All || tool.ServerLabel == name;
}

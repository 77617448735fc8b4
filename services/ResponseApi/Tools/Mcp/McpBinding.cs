using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Tools.Reading;
using ModelContextProtocol;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>
/// A tool of an MCP server, shown as <c>mcp_call</c>; or, where the client must approve first, as <c>mcp_approval_request</c>, which ends
/// the response.
/// </summary>
/// <param name="server">Whose tool it is.</param>
/// <param name="label">What the request calls the server.</param>
/// <param name="tool">The tool, by its server's name of it.</param>
/// <param name="function">What the model is offered.</param>
/// <param name="needsApproval">Whether the client must approve each call.</param>
/// <param name="wasInterrupted">Whether an earlier attempt at a call may have reached the server.</param>
internal sealed class McpBinding(
    IMcpServer server, string label, McpTool tool, ModelFunction function, bool needsApproval, Func<string, bool> wasInterrupted) : IApprovable
{
    public ModelFunction Function => function;

    public bool IsClients => false;

    public string ItemIdPrefix => "mcp";

    public bool NeedsApproval => needsApproval;

    public string Label => label;

    public string ToolName => tool.Name;

    public async ValueTask<ToolOutcome> RunAsync(ToolInvocation invocation, IItemOutput output, CancellationToken ct)
    {
        if (needsApproval && invocation.ApprovalRequestId is null)
        {
            return await McpApprovals.AskAsync(this, invocation, output, ct);
        }

        await output.AddAsync(Item(invocation, "in_progress", null, null), ct);
        await output.EmitAsync("response.mcp_call.in_progress", null, ct);
        await output.EmitAsync("response.mcp_call_arguments.delta", json => json.WriteString("delta", invocation.Arguments), ct);
        await output.EmitAsync("response.mcp_call_arguments.done", json => json.WriteString("arguments", invocation.Arguments), ct);
        if (ToolJson.Arguments(invocation.Arguments) is not { } arguments)
        {
            const string Malformed = "The arguments are not a JSON object.";
            return await FailAsync(invocation, Malformed, McpErrors.Protocol((int)McpErrorCode.InvalidParams, Malformed), output, ct);
        }

        if (!server.KeepsCallsOnce && !tool.IsIdempotent && wasInterrupted(invocation.CallId))
        {
            const string Unknown = "The call was interrupted and may have had its effect; it is not made twice. Its result is unknown.";
            return await FailAsync(invocation, Unknown, McpErrors.Protocol(0, Unknown), output, ct);
        }

        var (result, failure) = await server.CallAsync(tool, arguments, invocation, ct);
        if (result is null)
        {
            var why = failure ?? new(McpFailureKind.Protocol, 0, "The server gave no result.");
            return await FailAsync(invocation, why.Message, McpErrors.Of(why), output, ct);
        }

        if (result.IsError)
        {
            return await FailAsync(invocation, ToolText.Of(result), McpErrors.Of(result), output, ct) with { Result = ToolText.Record(result) };
        }

        await output.EmitAsync("response.mcp_call.completed", null, ct);
        var text = ToolText.Of(result);
        return new(text, Item(invocation, "completed", text, null)) { Result = ToolText.Record(result) };
    }

    private async ValueTask<ToolOutcome> FailAsync(ToolInvocation invocation, string why, JsonElement error, IItemOutput output, CancellationToken ct)
    {
        await output.EmitAsync("response.mcp_call.failed", null, ct);
        return new($"The tool {function.Name} failed: {why}", Item(invocation, "failed", null, error)) { Error = why };
    }

    private JsonElement Item(ToolInvocation invocation, string status, string? text, JsonElement? error) => ItemJson.Build(json =>
    {
        json.WriteString("id", invocation.ItemId);
        json.WriteString("type", "mcp_call");
        json.WriteString("status", status);
        json.WriteString("server_label", label);
        json.WriteString("name", tool.Name);
        json.WriteString("arguments", status is "in_progress" ? "" : invocation.Arguments);
        json.WriteString("output", text);
        if (error is { } what)
        {
            json.WriteElement("error", what);
        }
        else
        {
            json.WriteNull("error");
        }

        json.WriteString("approval_request_id", invocation.ApprovalRequestId);
    });
}

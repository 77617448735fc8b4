using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Requests;
using JanServer.ResponseApi.Tools.Mcp;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>
/// Code that runs in the sandbox, shown as <c>code_interpreter_call</c>. Code that fails has run: its error is an output. Where mcp-tools
/// wants the user's approval, the client is asked for it first, by the same item as for tools of MCP servers.
/// </summary>
internal sealed class CodeInterpreterBinding(ToolSetBuilder set, McpTool tool, string container) : HostedBinding(
    set.Hosted, new(set.NameFor(tool.Name), tool.Description, ModelSchema.Without(tool.InputSchema, Decided)), tool.Name), IApprovable
{
    // A session is Python's and has no standard input; approval is the user's.
    private static readonly string[] Decided = ["session_id", ModelSchema.Approved, "language", "stdin"];
    private static readonly string[] ImageEndings = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"];

    private readonly bool _withOutputs = set.Includes(Includes.CodeOutputs);

    public override string ItemIdPrefix => "ci";

    public bool NeedsApproval => tool.NeedsConfirmation;

    public string Label => CodeInterpreter.Type;

    public string ToolName => tool.Name;

    protected override string CompletedEvent => "response.code_interpreter_call.completed";

    public override ValueTask<ToolOutcome> RunAsync(ToolInvocation invocation, IItemOutput output, CancellationToken ct) =>
        NeedsApproval && invocation.ApprovalRequestId is null
            ? McpApprovals.AskAsync(this, invocation, output, ct)
            : base.RunAsync(invocation, output, ct);

    protected override bool HasWorked(McpToolResult result) =>
        !result.IsError || (result.Structured is { } structured && structured.Text("stdout") is not null);

    protected override async ValueTask AnnounceAsync(HostedCall call, IItemOutput output, CancellationToken ct)
    {
        await output.EmitAsync("response.code_interpreter_call.in_progress", null, ct);
        await output.EmitAsync("response.code_interpreter_call_code.delta", json => json.WriteString("delta", call.Text("code")), ct);
        await output.EmitAsync("response.code_interpreter_call_code.done", json => json.WriteString("code", call.Text("code")), ct);
        await output.EmitAsync("response.code_interpreter_call.interpreting", null, ct);
    }

    protected override void Complete(HostedCall call, JsonObject arguments)
    {
        foreach (var name in Decided)
        {
            arguments.Remove(name);
        }

        if (ModelSchema.Takes(tool.InputSchema, "session_id"))
        {
            arguments["session_id"] = container;
        }

        if (call.Invocation.ApprovalRequestId is not null)
        {
            arguments[ModelSchema.Approved] = true;
        }
    }

    protected override JsonElement Item(HostedCall call, string status, McpToolResult? result) => ItemJson.Build(json =>
    {
        json.WriteString("id", call.ItemId);
        json.WriteString("type", "code_interpreter_call");
        json.WriteString("status", status);
        json.WriteString("container_id", container);
        json.WriteString("code", status is "in_progress" ? "" : call.Text("code"));
        if (result is null || !_withOutputs)
        {
            json.WriteNull("outputs");
            return;
        }

        json.WriteStartArray("outputs");
        WriteLogs(json, result);
        foreach (var url in (result.Structured?.Elements("artifacts") ?? []).Where(IsImage).Select(Address).OfType<string>())
        {
            json.WriteStartObject();
            json.WriteString("type", "image");
            json.WriteString("url", url);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteLogs(Utf8JsonWriter json, McpToolResult result)
    {
        var logs = result.Structured is { } structured
            ? Joined(structured.Text("stdout"), structured.Text("result"), structured.Text("stderr"))
            : ToolText.Of(result);
        if (logs.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "logs");
            json.WriteString("logs", logs);
            json.WriteEndObject();
        }
    }

    /// <summary>What a program printed, the value of its last expression and its errors, each on lines of its own.</summary>
    private static string Joined(params ReadOnlySpan<string?> texts)
    {
        var all = "";
        foreach (var text in texts)
        {
            all += all.Length > 0 && !all.EndsWith('\n') && !string.IsNullOrEmpty(text) ? $"\n{text}" : text;
        }

        return all;
    }

    private static string? Address(JsonElement artifact) =>
        artifact.Text("url")
        ?? (artifact.Text("base64") is { } base64 ? $"data:{artifact.Text("mime_type") ?? "image/png"};base64,{base64}" : null);

    private static bool IsImage(JsonElement artifact) =>
        artifact.Text("mime_type")?.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
        ?? ImageEndings.Any(ending => artifact.Text("name")?.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ?? false);
}

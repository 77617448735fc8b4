using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools.Reading;

namespace JanServer.ResponseApi.Tools.Hosted;

/// <summary>
/// A tool of mcp-tools that is shown as one of OpenAI's own: the item in progress, its events, the call, the finished item. A tool that
/// cannot work says so as its result, and its item has failed.
/// </summary>
internal abstract class HostedBinding(HostedTools tools, ModelFunction function, string tool) : IToolBinding
{
    public ModelFunction Function => function;

    public bool IsClients => false;

    public abstract string ItemIdPrefix { get; }

    /// <summary>The event that says that the call has succeeded.</summary>
    protected abstract string CompletedEvent { get; }

    public virtual async ValueTask<ToolOutcome> RunAsync(ToolInvocation invocation, IItemOutput output, CancellationToken ct)
    {
        var parsed = ToolJson.Arguments(invocation.Arguments);
        var call = new HostedCall(invocation, parsed ?? ItemJson.Build(_ => { }));
        await output.AddAsync(Item(call, "in_progress", null), ct);
        await AnnounceAsync(call, output, ct);
        if (parsed is null)
        {
            return Failed(call, "The arguments are not a JSON object.");
        }

        if (Refusal(call) is { } why)
        {
            return Failed(call, why);
        }

        var (result, failure) = await tools.CallAsync(invocation, tool, Arguments(call), ct);
        if (result is null)
        {
            return Failed(call, failure?.Message ?? "The tool gave no result.");
        }

        if (!HasWorked(result))
        {
            return Failed(call, ToolText.Of(result)) with { Result = ToolText.Record(result) };
        }

        return await FinishAsync(call, result, output, ct);
    }

    /// <summary>The item; <paramref name="result"/> is null until there is one.</summary>
    protected abstract JsonElement Item(HostedCall call, string status, McpToolResult? result);

    /// <summary>The events between the item's appearance and the call.</summary>
    protected abstract ValueTask AnnounceAsync(HostedCall call, IItemOutput output, CancellationToken ct);

    /// <summary>Adds what the request or this service decides to the arguments, whatever the model wrote.</summary>
    protected virtual void Complete(HostedCall call, JsonObject arguments)
    {
    }

    /// <summary>Whether the tool did what it is for.</summary>
    protected virtual bool HasWorked(McpToolResult result) => !result.IsError;

    /// <summary>Why the request does not allow this call; null when it does.</summary>
    protected virtual string? Refusal(HostedCall call) => null;

    /// <summary>What the model is told.</summary>
    protected virtual string ModelText(HostedCall call, McpToolResult result) => ToolText.Of(result);

    protected virtual async ValueTask<ToolOutcome> FinishAsync(HostedCall call, McpToolResult result, IItemOutput output, CancellationToken ct)
    {
        await output.EmitAsync(CompletedEvent, null, ct);
        return new(ModelText(call, result), Item(call, "completed", result)) { Result = ToolText.Record(result) };
    }

    protected ToolOutcome Failed(HostedCall call, string why) =>
        new($"The tool {function.Name} could not be used: {why}", Item(call, "failed", null)) { Error = why };

    private JsonElement Arguments(HostedCall call)
    {
        var arguments = JsonObject.Create(call.Arguments)!;
        Complete(call, arguments);
        return ToolJson.Element(arguments);
    }
}

/// <summary>A call with its arguments read.</summary>
internal sealed record HostedCall(ToolInvocation Invocation, JsonElement Arguments)
{
    public string ItemId => Invocation.ItemId;

    public Response Response => Invocation.Response;

    public string Text(string name) => Arguments.Text(name) ?? "";
}

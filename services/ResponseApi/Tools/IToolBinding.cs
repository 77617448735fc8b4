using System.Text.Json;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tools;

/// <summary>A function that the model is offered, and what happens when it is called.</summary>
internal interface IToolBinding
{
    ModelFunction Function { get; }

    /// <summary>Whether calls of it go to the client (OpenAI's function and custom tools) and end this response.</summary>
    bool IsClients { get; }

    /// <summary>What its call is as an output item of the client: <c>function_call</c>, or <c>custom_tool_call</c>, whose input is the argument <c>input</c>.</summary>
    string ClientItemType => "function_call";

    /// <summary>How ids of its output items begin, such as <c>ws</c> for <c>ws_…</c>.</summary>
    string ItemIdPrefix => "fc";

    /// <summary>Whether the client must approve each call: until it has, an <c>mcp_approval_request</c> is the item.</summary>
    bool NeedsApproval => false;

    /// <summary>
    /// Runs a call here, once. It shows its output item (<c>web_search_call</c>, <c>mcp_call</c>, ...) and its events through
    /// <paramref name="output"/>. What goes wrong is an outcome, not an exception; a timeout of the loop comes as cancellation.
    /// </summary>
    ValueTask<ToolOutcome> RunAsync(ToolInvocation invocation, IItemOutput output, CancellationToken ct);
}

/// <summary>What the model is told about a function.</summary>
/// <param name="Name">1 to 64 of <c>[A-Za-z0-9_-]</c>.</param>
/// <param name="Parameters">A JSON schema of an object.</param>
internal sealed record ModelFunction(string Name, string? Description, JsonElement Parameters, bool? Strict = null);

/// <summary>A call that the model made.</summary>
/// <param name="Response">Of which response.</param>
/// <param name="CallId">The model's id of it, unique in the response.</param>
/// <param name="Arguments">As the model wrote them; empty text is an empty object.</param>
/// <param name="ItemId">The id for the output item, the same when the call is repeated after a crash.</param>
internal sealed record ToolInvocation(Response Response, string CallId, string Name, string Arguments, string ItemId)
{
    /// <summary>The same for every attempt at this call, and for no other: the tool's effect happens once.</summary>
    public string IdempotencyKey => $"{Response.Id}:{CallId}";

    /// <summary>For a call of <see cref="ToolSet.Approved"/>: which request the client approved. Such a call is made without asking again.</summary>
    public string? ApprovalRequestId { get; init; }
}

/// <summary>How a call ended.</summary>
/// <param name="ModelText">What the model is told.</param>
/// <param name="Item">The finished output item.</param>
internal sealed record ToolOutcome(string ModelText, JsonElement Item)
{
    /// <summary>Why it failed, in words for the user; null when it did not.</summary>
    public string? Error { get; init; }

    public JsonElement? Result { get; init; }

    /// <summary>Whether the response ends here because the client must answer first (<c>mcp_approval_request</c>).</summary>
    public bool AwaitsClient { get; init; }
}

/// <summary>Shows one output item in the stream. Calls that run at the same time write whole events, never parts.</summary>
internal interface IItemOutput
{
    /// <summary><c>response.output_item.added</c> with the item in progress. Must come first, once.</summary>
    ValueTask AddAsync(JsonElement item, CancellationToken ct);

    /// <summary>
    /// An event about the item: <c>output_index</c>, <c>item_id</c> and <c>sequence_number</c> are added to what
    /// <paramref name="fields"/> writes.
    /// </summary>
    ValueTask EmitAsync(string type, Action<Utf8JsonWriter>? fields, CancellationToken ct);

    // The loop sends response.output_item.done with ToolOutcome.Item.
}

/// <summary>The tools of one response. Dispose it when the response has ended: it may hold connections to MCP servers.</summary>
/// <param name="Bindings">By function name.</param>
/// <param name="Opening">
/// Finished items to show before the model is asked, such as <c>mcp_list_tools</c>; those of that type are shown with
/// <see cref="OpeningItems.ShowAsync"/>.
/// </param>
internal sealed record ToolSet(IReadOnlyDictionary<string, IToolBinding> Bindings, IReadOnlyList<JsonElement> Opening) : IAsyncDisposable
{
    /// <summary>Calls that the client has decided with this request's input (<c>mcp_approval_response</c>): run, or told to be denied, before the model is asked.</summary>
    public IReadOnlyList<ApprovedCall> Approved { get; init; } = [];

    /// <summary>What the model should know about tools that were asked for and cannot be used, and why; in its instructions.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The request's <c>tool_choice</c>, in function names.</summary>
    public ToolChoice Choice { get; init; } = ToolChoice.Auto;

    /// <summary>What is closed with the set.</summary>
    public IAsyncDisposable? Connections { get; init; }

    public ValueTask DisposeAsync() => Connections?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Which functions the model may or must call.</summary>
/// <param name="Mode"><c>auto</c>, <c>none</c> or <c>required</c>.</param>
/// <param name="Functions">The only functions that may be called (for one that must be: that one); null for all.</param>
internal sealed record ToolChoice(string Mode, IReadOnlyList<string>? Functions = null)
{
    public static ToolChoice Auto { get; } = new("auto");

    public static ToolChoice None { get; } = new("none");

    public static ToolChoice Required { get; } = new("required");
}

/// <summary>An <c>mcp_approval_request</c> that the client answered.</summary>
internal sealed record ApprovedCall(string ApprovalRequestId, string FunctionName, string Arguments, bool Approved, string? Reason);

/// <summary>Finds out what the tools of a request are.</summary>
internal interface IToolSetFactory
{
    /// <summary>The tools, or the error when one is malformed or a server that was named cannot be asked.</summary>
    ValueTask<(ToolSet? Tools, ApiError? Error)> CreateAsync(Response response, CancellationToken ct);
}

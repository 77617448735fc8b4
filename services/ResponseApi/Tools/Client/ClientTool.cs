namespace JanServer.ResponseApi.Tools.Client;

/// <summary>A tool of the client's own: its calls are output, and end the response.</summary>
internal sealed class ClientTool(ModelFunction function, string itemType) : IToolBinding
{
    public const string FunctionCall = "function_call";
    public const string CustomCall = "custom_tool_call";

    public ModelFunction Function => function;

    public bool IsClients => true;

    public string ClientItemType => itemType;

    public string ItemIdPrefix => itemType is CustomCall ? "ctc" : "fc";

    /// <exception cref="InvalidOperationException">Always: the client runs it.</exception>
    public ValueTask<ToolOutcome> RunAsync(ToolInvocation invocation, IItemOutput output, CancellationToken ct) =>
        throw new InvalidOperationException($"'{function.Name}' is the client's to run.");
}

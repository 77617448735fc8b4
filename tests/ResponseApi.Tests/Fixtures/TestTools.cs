using System.Text.Json;
using JanServer.ResponseApi.Runs;
using JanServer.ResponseApi.Tools;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ResponseApi.Tests.Fixtures;

/// <summary>The tools of a test: those of the client come from the request, those that run here from the test.</summary>
internal sealed class TestTools(params IToolBinding[] here) : IToolSetFactory
{
    public IReadOnlyList<JsonElement> Opening { get; init; } = [];

    public IReadOnlyList<ApprovedCall> Approved { get; init; } = [];

    public IReadOnlyList<string> Notices { get; init; } = [];

    public ToolChoice Choice { get; init; } = ToolChoice.Auto;

    public ApiError? Error { get; init; }

    public ValueTask<(ToolSet? Tools, ApiError? Error)> CreateAsync(Response response, CancellationToken ct)
    {
        if (Error is not null)
        {
            return new((null, Error));
        }

        var bindings = response.Request.Tools
            .Where(tool => tool.GetProperty("type").GetString() is "function" or "custom")
            .Select(tool => (IToolBinding)new ClientTool(tool))
            .Concat(here)
            .ToDictionary(binding => binding.Function.Name, StringComparer.Ordinal);
        return new((new(bindings, Opening) { Approved = Approved, Notices = Notices, Choice = Choice }, null));
    }

    private sealed class ClientTool(JsonElement tool) : IToolBinding
    {
        public ModelFunction Function { get; } = new(
            tool.GetProperty("name").GetString()!, null, Given.Json("""{"type":"object","properties":{}}"""));

        public bool IsClients => true;

        public string ClientItemType => tool.GetProperty("type").GetString() == "custom" ? "custom_tool_call" : "function_call";

        public ValueTask<ToolOutcome> RunAsync(ToolInvocation invocation, IItemOutput output, CancellationToken ct) =>
            throw new InvalidOperationException("A tool of the client never runs here.");
    }
}

/// <summary>A tool that runs here, as an MCP call would be shown: what it does is the test's.</summary>
internal sealed class ServerTool(string name, Func<ToolInvocation, CancellationToken, Task<string>> run) : IToolBinding
{
    private readonly List<ToolInvocation> _calls = [];

    public IReadOnlyList<ToolInvocation> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public ModelFunction Function { get; } = new(name, $"Does {name}.", Given.Json("""{"type":"object","properties":{"n":{"type":"integer"}}}"""));

    public bool IsClients => false;

    public string ItemIdPrefix { get; init; } = "mcp";

    public JsonElement? Result { get; init; }

    public bool AwaitsClient { get; init; }

    public static ServerTool Adds() => new("add", (call, _) => Task.FromResult(
        JsonDocument.Parse(call.Arguments).RootElement.EnumerateObject().Sum(one => one.Value.GetInt32()).ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public async ValueTask<ToolOutcome> RunAsync(ToolInvocation invocation, IItemOutput output, CancellationToken ct)
    {
        lock (_calls)
        {
            _calls.Add(invocation);
        }

        if (AwaitsClient)
        {
            return new("", Item(invocation, null, null, "mcp_approval_request")) { AwaitsClient = true };
        }

        await output.AddAsync(Item(invocation, "in_progress", null), ct);
        await output.EmitAsync("response.mcp_call.in_progress", null, ct);
        var text = await run(invocation, ct);
        await output.EmitAsync("response.mcp_call.completed", null, ct);
        var error = text.StartsWith("Error:", StringComparison.Ordinal) ? text : null;
        return new(text, Item(invocation, error is null ? "completed" : "failed", text)) { Error = error, Result = Result };
    }

    private JsonElement Item(ToolInvocation call, string? status, string? output, string type = "mcp_call") => Given.Json(JsonSerializer.Serialize(new
    {
        id = call.ItemId,
        type,
        status,
        server_label = "tests",
        name,
        arguments = call.Arguments,
        output,
    }));
}

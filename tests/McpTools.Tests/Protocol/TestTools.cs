using System.Collections.Concurrent;
using System.Text.Json;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Protocol;

/// <summary>Tools made of lambdas. What they were called with is kept.</summary>
internal sealed class TestTools : IToolSource
{
    private readonly ConcurrentDictionary<string, ITool> _tools = new(StringComparer.Ordinal);

    public TestTools()
    {
        Add("echo", (call, _) => new(ToolResults.Of(call.Arguments)));
        Add("progress", (call, _) =>
        {
            for (var i = 1; i <= 3; i++)
            {
                call.Progress?.Report(new() { Progress = i, Total = 3, Message = "step" });
            }

            return new(ToolResults.Of(call.Arguments));
        });
        Add("broken", (_, _) => throw new InvalidOperationException("a secret"));
    }

    public ConcurrentQueue<ToolCall> Calls { get; } = new();

    public void Add(string name, Func<ToolCall, CancellationToken, ValueTask<CallToolResult>> act, string schema = """{"type":"object"}""") =>
        _tools[name] = new TestTool(this, new() { Name = name, Description = $"Does {name}.", InputSchema = JsonElement.Parse(schema) }, act);

    public ValueTask<IReadOnlyList<ITool>> ListAsync(Caller caller, CancellationToken ct) => new([.. _tools.Values]);

    public ValueTask<ITool?> FindAsync(Caller caller, string name, CancellationToken ct) => new(_tools.GetValueOrDefault(name));

    private sealed class TestTool(TestTools owner, Tool definition, Func<ToolCall, CancellationToken, ValueTask<CallToolResult>> act) : ITool
    {
        public Tool Definition => definition;

        public string? Unavailable => null;

        public ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
        {
            owner.Calls.Enqueue(call);
            return act(call, ct);
        }
    }
}

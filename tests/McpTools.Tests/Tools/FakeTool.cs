using System.Text;
using System.Text.Json;
using JanServer.McpTools.Tools;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Tools;

/// <summary>A tool that does what the test says.</summary>
internal sealed class FakeTool(string name, string schema = """{"type":"object"}""") : ITool
{
    private int _calls;

    public Tool Definition { get; } = new()
    {
        Name = name,
        Description = "Ours.",
        InputSchema = ToolSchema.Parse(Encoding.UTF8.GetBytes(schema)),
    };

    public ToolAnnotations? Annotations
    {
        init => Definition.Annotations = value;
    }

    public string? Unavailable { get; set; }

    public Func<ToolCall, CancellationToken, Task<CallToolResult>> OnCall { get; set; } = (_, _) => Task.FromResult(Text("done"));

    public int Calls => _calls;

    /// <summary>What the tool got last.</summary>
    public ToolCall? Last { get; private set; }

    public static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        Interlocked.Increment(ref _calls);
        Last = call;
        return await OnCall(call, ct);
    }
}

internal static class ToolText
{
    /// <summary>The text of the result's only block.</summary>
    public static string Text(this CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
}

using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.Tools;

/// <summary>Gives tools that differ by caller or come and go, such as those of external MCP servers. Built-in tools are registered as <see cref="ITool"/>.</summary>
internal interface IToolSource
{
    /// <summary>The tools that the caller may use.</summary>
    ValueTask<IReadOnlyList<ITool>> ListAsync(Caller caller, CancellationToken ct);

    /// <summary>The tool of that name, or null when the caller has none.</summary>
    ValueTask<ITool?> FindAsync(Caller caller, string name, CancellationToken ct);
}

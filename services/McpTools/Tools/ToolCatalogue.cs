using JanServer.ServiceDefaults.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tools;

/// <summary>All tools of this server: what a caller may see and call, as administrators have set it.</summary>
internal sealed class ToolCatalogue(IEnumerable<ITool> builtIn, IEnumerable<IToolSource> sources)
{
    private readonly SortedDictionary<string, ITool> _builtIn = new(builtIn.ToDictionary(tool => tool.Definition.Name), StringComparer.Ordinal);

    /// <summary>What <c>tools/list</c> shows the caller, by name.</summary>
    public async ValueTask<IReadOnlyList<Tool>> ListAsync(Caller caller, CancellationToken ct)
    {
        var tools = new List<ITool>(_builtIn.Values);
        foreach (var source in sources)
        {
            tools.AddRange(await source.ListAsync(caller, ct));
        }

        return [.. tools.Select(tool => tool.Definition).OrderBy(tool => tool.Name, StringComparer.Ordinal)];
    }

    /// <summary>The tool as <see cref="ListAsync"/> shows it, or null when the caller has none of that name.</summary>
    public async ValueTask<Tool?> FindDefinitionAsync(Caller caller, string name, CancellationToken ct) =>
        (await FindAsync(caller, name, ct))?.Definition;

    /// <summary>Calls a tool.</summary>
    /// <exception cref="McpProtocolException">There is no such tool, or its arguments do not satisfy its schema (-32602).</exception>
    public async ValueTask<CallToolResult> CallAsync(ToolCall call, CancellationToken ct)
    {
        var tool = await FindAsync(call.Caller, call.Name, ct)
            ?? throw new McpProtocolException($"Unknown tool: '{call.Name}'.", McpErrorCode.InvalidParams);
        return await tool.CallAsync(call, ct);
    }

    private async ValueTask<ITool?> FindAsync(Caller caller, string name, CancellationToken ct)
    {
        if (_builtIn.TryGetValue(name, out var tool))
        {
            return tool;
        }

        foreach (var source in sources)
        {
            if (await source.FindAsync(caller, name, ct) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}

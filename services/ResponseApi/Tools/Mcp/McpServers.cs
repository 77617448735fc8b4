using JanServer.Contracts.Tools;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>The servers of one response: asked for their tools all at the same time, since each may take its time, and closed with it.</summary>
internal sealed class McpServers : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly List<IAsyncDisposable> _connections = [];
    private readonly Dictionary<string, (IMcpServer Server, Task<McpListing> Listing)> _asked = new(StringComparer.Ordinal);

    /// <summary>Begins to ask a server.</summary>
    /// <param name="path">Of its tool in the request.</param>
    /// <param name="server">The server; what it holds is closed with this.</param>
    /// <param name="known">What the context lists of it already.</param>
    /// <param name="ct">Ends the wait.</param>
    public void Ask(string path, IMcpServer server, IReadOnlyList<McpTool>? known, CancellationToken ct)
    {
        if (server is IAsyncDisposable connection)
        {
            _connections.Add(connection);
        }

        _asked[path] = (server, ListAsync(server, known, ct));
    }

    /// <summary>The server of a tool that was asked, and its answer.</summary>
    public async ValueTask<(IMcpServer Server, McpListing Listing)> AnswerAsync(string path)
    {
        var (server, listing) = _asked[path];
        return (server, await listing);
    }

    public async ValueTask DisposeAsync()
    {
        // Nobody connects any more once the connections are closed.
        await _closing.CancelAsync();
        await ((Task)Task.WhenAll(_asked.Values.Select(one => one.Listing))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        _closing.Dispose();
    }

    private async Task<McpListing> ListAsync(IMcpServer server, IReadOnlyList<McpTool>? known, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _closing.Token);
        return await server.ListAsync(known, either.Token);
    }
}

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>Connections that one response has made, closed with it.</summary>
internal sealed class McpServers : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _connections = [];

    public void Add(IAsyncDisposable connection) => _connections.Add(connection);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}

using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Servers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Connections;

/// <summary>The open connections of this replica: one for each server, or one for each of its users where users sign in.</summary>
internal sealed class ServerConnections(ServerConnector connector, IOptions<ExternalOptions> options, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan LongestRestart = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ConnectionKey, Lazy<Task<ServerConnection>>> _open = new();
    private readonly ConcurrentDictionary<Id<ExternalServer>, Restarts> _restarts = new();

    /// <summary>Raised when a server says that its tools changed.</summary>
    public event Action<Id<ExternalServer>, Guid>? ToolsChanged;

    /// <summary>The servers that there are connections to.</summary>
    public IReadOnlyCollection<Id<ExternalServer>> Servers => [.. _open.Keys.Select(key => key.Server).Distinct()];

    /// <summary>
    /// Runs something over the connection, which is opened when there is none. A session that the server has forgotten is begun anew, and
    /// the request with it, once.
    /// </summary>
    public async Task<T> UseAsync<T>(
        ExternalServer server, Guid principal, Func<ServerConnection, CancellationToken, Task<T>> use, CancellationToken ct)
    {
        for (var isRepeat = false; ; isRepeat = true)
        {
            var connection = await HoldAsync(server, principal, ct);
            try
            {
                return await use(connection, ct);
            }
            catch (Exception e) when (!isRepeat && ServerFailure.IsEndOfSession(e))
            {
                connection.Expire();
            }
            finally
            {
                connection.Release();
            }
        }
    }

    /// <summary>Closes what nobody used for a while, and what is no longer as its server is.</summary>
    /// <param name="current">The revisions of the servers that are enabled.</param>
    public async Task SweepAsync(IReadOnlyDictionary<Id<ExternalServer>, int> current)
    {
        var idle = TimeSpan.FromSeconds(options.Value.IdleSeconds);
        foreach (var (key, opening) in _open)
        {
            var isCurrent = current.TryGetValue(key.Server, out var revision) && revision == key.Revision;
            if (opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
                && await opening.Value is var connection
                && (!isCurrent || connection.IdleTime > idle || connection.Ended.IsCompleted))
            {
                await CloseAsync(key, opening, connection);
            }
        }

        foreach (var (server, restarts) in _restarts)
        {
            if (clock.GetUtcNow() - restarts.NotBefore > LongestRestart)
            {
                _restarts.TryRemove(new(server, restarts));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, opening) in _open)
        {
            if (opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await opening.Value).DisposeAsync();
            }
        }

        _open.Clear();
    }

    private async Task<ServerConnection> HoldAsync(ExternalServer server, Guid principal, CancellationToken ct)
    {
        var key = new ConnectionKey(server.Id, server.Revision, principal);

        // A connection may end between finding and holding it; twice in a row is a server that does not stay.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (!_open.ContainsKey(key))
            {
                await MakeRoomAsync();
            }

            var opening = _open.GetOrAdd(key, _ => new(() => OpenAsync(server, principal, key)));
            try
            {
                var connection = await opening.Value.WaitAsync(ct);
                if (connection.TryHold())
                {
                    return connection;
                }
            }
            catch when (opening.Value.IsFaulted || opening.Value.IsCanceled)
            {
                _open.TryRemove(new(key, opening));
                throw;
            }

            if (_open.TryRemove(new(key, opening)))
            {
                await (await opening.Value).DisposeAsync();
            }
        }

        throw new IOException("The server ends its connections.");
    }

    private async Task<ServerConnection> OpenAsync(ExternalServer server, Guid principal, ConnectionKey key)
    {
        if (_restarts.TryGetValue(server.Id, out var restarts) && clock.GetUtcNow() < restarts.NotBefore)
        {
            throw new ServerFailureException(new("restarting", "The server's program ended and is started again soon.", CountsAgainstServer: false));
        }

        var connection = await connector.ConnectAsync(server, principal, () => ToolsChanged?.Invoke(server.Id, principal));
        _ = connection.ListenAsync();
        if (server.Transport == ExternalServer.Stdio)
        {
            _ = WatchAsync(server.Id, key, connection);
        }

        return connection;
    }

    // A program that ends by itself is started again by the next call, each time a little later.
    private async Task WatchAsync(Id<ExternalServer> server, ConnectionKey key, ServerConnection connection)
    {
        var start = clock.GetUtcNow();
        await connection.Ended;
        if (!_open.TryGetValue(key, out var opening) || !opening.Value.IsCompletedSuccessfully || await opening.Value != connection)
        {
            return;
        }

        var now = clock.GetUtcNow();
        _restarts.AddOrUpdate(
            server,
            _ => new(1, now + TimeSpan.FromSeconds(1)),
            (_, before) => now - start > LongestRestart
                ? new(1, now + TimeSpan.FromSeconds(1))
                : new(before.Count + 1, now + TimeSpan.FromSeconds(Math.Min(Math.Pow(2, before.Count), LongestRestart.TotalSeconds))));
        await CloseAsync(key, opening, connection);
    }

    private async Task MakeRoomAsync()
    {
        if (_open.Count < options.Value.MaxConnections)
        {
            return;
        }

        foreach (var (key, opening) in _open)
        {
            if (opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } && await CloseAsync(key, opening, await opening.Value))
            {
                return;
            }
        }

        throw new ServerFailureException(ServerFailure.Busy);
    }

    private async Task<bool> CloseAsync(ConnectionKey key, Lazy<Task<ServerConnection>> opening, ServerConnection connection)
    {
        if (!connection.TryClose() && !connection.Ended.IsCompleted)
        {
            return false;
        }

        if (_open.TryRemove(new(key, opening)))
        {
            await connection.DisposeAsync();
        }

        return true;
    }

    private sealed record Restarts(int Count, DateTimeOffset NotBefore);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct ConnectionKey(Id<ExternalServer> Server, int Revision, Guid Principal);
}

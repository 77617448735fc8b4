using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.External.Connections;

/// <summary>An open connection to a server. It is used while it is held; it closes when nobody holds it any more.</summary>
internal sealed class ServerConnection(McpClient client, IAsyncDisposable? process, TimeProvider clock) : IAsyncDisposable
{
    // From this revision on a client asks for notifications (SEP-2575).
    private const string FirstWithSubscriptions = "2026-07-28";

    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();
    private int _users;
    private bool _isClosed;
    private long _lastUse = clock.GetTimestamp();

    public McpClient Client => client;

    /// <summary>Done when the server broke off, or when it was closed here.</summary>
    public Task Ended => client.Completion;

    /// <summary>How long nobody has held it; zero while somebody does.</summary>
    public TimeSpan IdleTime
    {
        get
        {
            lock (_lock)
            {
                return _users > 0 ? TimeSpan.Zero : clock.GetElapsedTime(_lastUse);
            }
        }
    }

    /// <summary>Holds it; false when it is closed.</summary>
    public bool TryHold()
    {
        lock (_lock)
        {
            if (_isClosed || client.Completion.IsCompleted)
            {
                return false;
            }

            _users++;
            return true;
        }
    }

    public void Release()
    {
        lock (_lock)
        {
            _users--;
            _lastUse = clock.GetTimestamp();
        }
    }

    /// <summary>Nobody holds it from now on.</summary>
    public void Expire()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    /// <summary>Closes it unless somebody holds it.</summary>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_users > 0)
            {
                return false;
            }

            _isClosed = true;
            return true;
        }
    }

    /// <summary>Asks the server to say when its tools change, where that takes asking. Runs until the connection ends.</summary>
    public async Task ListenAsync()
    {
        if (string.CompareOrdinal(client.NegotiatedProtocolVersion, FirstWithSubscriptions) < 0 || client.ServerCapabilities.Tools?.ListChanged != true)
        {
            return;
        }

        var request = new JsonRpcRequest
        {
            Method = RequestMethods.SubscriptionsListen,
            Params = new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } },
        };
        try
        {
            await client.SendRequestAsync(request, _closing.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or McpException or IOException or HttpRequestException or ObjectDisposedException)
        {
            // It only saves the wait for the next look at the tools.
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        await _closing.CancelAsync();
        try
        {
            await client.DisposeAsync().AsTask().WaitAsync(ClosingTime, clock);
        }
        catch (Exception e) when (e is TimeoutException or IOException or HttpRequestException or McpException or OperationCanceledException)
        {
            // The server may be gone, which is why we close.
        }

        if (process is not null)
        {
            await process.DisposeAsync();
        }

        _closing.Dispose();
    }
}

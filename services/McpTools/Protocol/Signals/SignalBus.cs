using System.Collections.Concurrent;
using System.Text.Json;
using JanServer.Data.Statements;
using Npgsql;

namespace JanServer.McpTools.Protocol.Signals;

/// <summary>
/// Carries signals between the replicas by PostgreSQL's <c>NOTIFY</c>: no broker, and a signal is heard only after what it speaks of
/// is committed. One connection per replica listens. When that breaks, everyone is told that signals were missed.
/// </summary>
internal sealed partial class SignalBus(NpgsqlDataSource database, TimeProvider clock, ILogger<SignalBus> logger) : BackgroundService
{
    private const string Channel = "mcp_signals";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A connection that was cut silently is noticed when a whole minute brings nothing and a probe fails.
    private static readonly TimeSpan Probe = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Subscription, Action<Signal>> _subscribers = new();

    /// <summary>Whether this replica hears the others now.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Tells all replicas, this one too.</summary>
    public async ValueTask SendAsync(Signal signal, CancellationToken ct)
    {
        var payload = JsonSerializer.Serialize(signal, SignalJson.Default.Signal);
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync($"SELECT pg_notify({Channel}, {payload})", ct);
    }

    /// <summary>Hears all signals until disposed. The action must be quick and must not throw.</summary>
    public IDisposable Subscribe(Action<Signal> action)
    {
        var subscription = new Subscription(this);
        _subscribers[subscription] = action;
        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                Log.Broken(logger, e.GetType().Name);
            }
            finally
            {
                IsListening = false;
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await connection.ExecuteAsync($"LISTEN mcp_signals", ct);
        Deliver(new(SignalKind.Missed));
        IsListening = true;
        while (true)
        {
            if (!await connection.WaitAsync(Probe, ct))
            {
                await connection.ExecuteAsync($"SELECT 1", ct);
            }
        }
    }

    private void Hear(string payload)
    {
        if (JsonSerializer.Deserialize(payload, SignalJson.Default.Signal) is { } signal)
        {
            Deliver(signal);
        }
    }

    private void Deliver(Signal signal)
    {
        foreach (var (_, act) in _subscribers)
        {
            act(signal);
        }
    }

    private sealed class Subscription(SignalBus bus) : IDisposable
    {
        public void Dispose() => bus._subscribers.TryRemove(this, out _);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The connection on which other replicas are heard broke ({Reason}); it is opened again")]
        public static partial void Broken(ILogger logger, string reason);
    }
}

using System.Collections.Concurrent;
using JanServer.McpTools.Protocol.Signals;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Dispatch;

/// <summary>
/// The requests of sessions that run here, so that their clients can cancel them (<c>notifications/cancelled</c>) through any replica.
/// Without a session a client cancels by closing its connection, or by the call's idempotency key: request ids alone are no names.
/// </summary>
internal sealed class RunningRequests : IDisposable
{
    private readonly ConcurrentDictionary<(string Session, string Request), CancellationTokenSource> _running = new();
    private readonly SignalBus _bus;
    private readonly IDisposable _subscription;

    public RunningRequests(SignalBus bus)
    {
        _bus = bus;
        _subscription = bus.Subscribe(signal =>
        {
            if (signal is { Kind: SignalKind.RequestCancelled, Subject: { } session, Detail: { } request } && _running.TryGetValue((session, request), out var running))
            {
                running.CancelSoon();
            }
        });
    }

    /// <summary>Lets a request be cancelled until the result is disposed.</summary>
    public IDisposable Add(string session, RequestId request, CancellationTokenSource cancellation)
    {
        var key = (session, KeyOf(request));
        _running[key] = cancellation;
        return new Entry(this, key, cancellation);
    }

    /// <summary>Cancels a request, wherever it runs.</summary>
    public ValueTask CancelAsync(string session, RequestId request, CancellationToken ct) =>
        _bus.SendAsync(new(SignalKind.RequestCancelled, Subject: session, Detail: KeyOf(request)), ct);

    public void Dispose() => _subscription.Dispose();

    // 1 and "1" are two ids.
    private static string KeyOf(RequestId id) => id.Id is string ? $"s{id}" : $"n{id}";

    private sealed class Entry(RunningRequests owner, (string Session, string Request) key, CancellationTokenSource cancellation) : IDisposable
    {
        public void Dispose() => owner._running.TryRemove(new(key, cancellation));
    }
}

using System.Collections.Concurrent;
using JanServer.McpTools.Protocol.Signals;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.Calls;

/// <summary>
/// Lets clients cancel calls by their idempotency keys, through any replica. A replica that is cut off from the others when it is told
/// does not hear it, and lets the call run to its end.
/// </summary>
internal sealed class CallCancellations : IDisposable
{
    private readonly ConcurrentDictionary<Guid, Watched> _watched = new();
    private readonly SignalBus _bus;
    private readonly IDisposable _subscription;

    public CallCancellations(SignalBus bus)
    {
        _bus = bus;
        _subscription = bus.Subscribe(signal =>
        {
            if (signal is { Kind: SignalKind.CallCancelled, User: { } user, Subject: { } key })
            {
                CancelHere(user, key);
            }
        });
    }

    /// <summary>Listens for the cancellation of the claim's call until the result is disposed.</summary>
    public ICallCancellation Watch(CallClaim claim)
    {
        var watched = new Watched(this, claim);
        _watched[claim.Run] = watched;
        return watched;
    }

    /// <summary>Cancels the caller's call with this key, wherever it runs; nothing when there is none.</summary>
    public async ValueTask CancelAsync(Caller caller, string key, CancellationToken ct)
    {
        if (CallClaim.IsKey(key))
        {
            CancelHere(caller.UserId.Value, key);
            await _bus.SendAsync(new(SignalKind.CallCancelled, caller.UserId.Value, key), ct);
        }
    }

    public void Dispose() => _subscription.Dispose();

    private void CancelHere(Guid user, string key)
    {
        foreach (var (_, watched) in _watched)
        {
            watched.CancelIf(user, key);
        }
    }

    private sealed class Watched(CallCancellations owner, CallClaim claim) : ICallCancellation
    {
        private readonly CancellationTokenSource _source = new();

        public CancellationToken Token => _source.Token;

        public void CancelIf(Guid user, string key)
        {
            if (claim.User == user && claim.Key == key)
            {
                _source.CancelSoon();
            }
        }

        public void Dispose()
        {
            owner._watched.TryRemove(claim.Run, out _);
            _source.Dispose();
        }
    }
}

/// <summary>Whether a client has cancelled a call; until disposed.</summary>
internal interface ICallCancellation : IDisposable
{
    /// <summary>Cancelled when the call is; read it before the cancellation is disposed.</summary>
    CancellationToken Token { get; }
}

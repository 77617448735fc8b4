using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Background;

/// <summary>Why a run was made to stop.</summary>
internal enum StopReason
{
    /// <summary>Nothing made it stop.</summary>
    None,

    /// <summary>The owner cancelled it; the database says so already.</summary>
    Cancelled,

    /// <summary>The client that waited for it has left.</summary>
    ClientGone,

    /// <summary>Its time is over.</summary>
    TimedOut,

    /// <summary>Another replica has it, or may have.</summary>
    Lost,

    /// <summary>This replica stops; another one may go on.</summary>
    Released,
}

/// <summary>A response that runs in this process.</summary>
internal sealed class RunHandle : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private int _reason;
    private long _provenAt;

    public RunHandle(Id<Response> id, Guid lease, TimeSpan timeout, TimeProvider clock)
    {
        (Id, Lease) = (id, lease);
        _provenAt = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => Stop(StopReason.TimedOut), null, timeout, Timeout.InfiniteTimeSpan);
    }

    public Id<Response> Id { get; }

    /// <summary>What this run writes under.</summary>
    public Guid Lease { get; }

    /// <summary>Whether there is a row that the lease is to be prolonged in.</summary>
    public bool IsLeased { get; set; }

    /// <summary>Cancelled when the run has to stop.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The first reason, which is the one that counts.</summary>
    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    /// <summary>When the lease was last known to be good, as a timestamp of the clock.</summary>
    public long ProvenAt
    {
        get => Volatile.Read(ref _provenAt);
        set => Volatile.Write(ref _provenAt, value);
    }

    public void Stop(StopReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None) == (int)StopReason.None)
        {
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended at this very moment, so there is nothing left to stop.
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stop.Dispose();
    }
}

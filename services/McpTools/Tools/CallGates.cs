using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Tools;

/// <summary>Bounds how many calls of one user run at once in this process. More wait for their turn, in a queue that is bounded too.</summary>
internal sealed class CallGates(IOptions<ToolOptions> options)
{
    private readonly Dictionary<Id<UserRef>, Gate> _gates = [];

    /// <summary>Waits for the user's turn; dispose what it returns when the call has ended. Null when too many wait already.</summary>
    public async ValueTask<IDisposable?> EnterAsync(Id<UserRef> user, CancellationToken ct)
    {
        Gate? gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(user, out gate))
            {
                _gates[user] = gate = new(this, user, options.Value.MaxCallsPerUser);
            }

            if (gate.Calls >= options.Value.MaxCallsPerUser + options.Value.MaxWaitingPerUser)
            {
                return null;
            }

            gate.Calls++;
        }

        try
        {
            await gate.Turns.WaitAsync(ct);
            return new Turn(gate);
        }
        catch (OperationCanceledException)
        {
            gate.Leave();
            throw;
        }
    }

    private sealed class Gate(CallGates owner, Id<UserRef> user, int turns)
    {
        public SemaphoreSlim Turns { get; } = new(turns);

        public int Calls { get; set; }

        /// <summary>The gate goes with the user's last call.</summary>
        public void Leave()
        {
            lock (owner._gates)
            {
                if (--Calls == 0)
                {
                    owner._gates.Remove(user);
                    Turns.Dispose();
                }
            }
        }
    }

    private sealed class Turn(Gate gate) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                gate.Turns.Release();
                gate.Leave();
            }
        }
    }
}

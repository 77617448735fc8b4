using System.Collections.Concurrent;
using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Servers;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Connections;

/// <summary>Bounds how many calls of one server run and wait on this replica.</summary>
internal sealed class CallTurns(IOptions<ExternalOptions> options)
{
    private readonly ConcurrentDictionary<Id<ExternalServer>, Turns> _servers = new();

    /// <summary>Waits for a turn, which ends when the result is disposed of.</summary>
    /// <exception cref="ServerFailureException">Too many wait already.</exception>
    public async Task<IDisposable> WaitAsync(Id<ExternalServer> server, CancellationToken ct)
    {
        Turns turns;
        lock (_servers)
        {
            turns = _servers.GetOrAdd(server, _ => new(options.Value.MaxCallsPerServer));
            if (turns.Users >= options.Value.MaxCallsPerServer + options.Value.MaxWaitingPerServer)
            {
                throw new ServerFailureException(ServerFailure.Busy);
            }

            turns.Users++;
        }

        var turn = new Turn(this, server, turns);
        try
        {
            await turns.Running.WaitAsync(ct);
            turn.IsRunning = true;
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private void Leave(Id<ExternalServer> server, Turns turns)
    {
        lock (_servers)
        {
            if (--turns.Users == 0)
            {
                _servers.TryRemove(server, out _);
                turns.Running.Dispose();
            }
        }
    }

    private sealed class Turns(int count)
    {
        public SemaphoreSlim Running { get; } = new(count);

        public int Users { get; set; }
    }

    private sealed class Turn(CallTurns all, Id<ExternalServer> server, Turns turns) : IDisposable
    {
        public bool IsRunning { get; set; }

        public void Dispose()
        {
            if (IsRunning)
            {
                turns.Running.Release();
            }

            all.Leave(server, turns);
        }
    }
}

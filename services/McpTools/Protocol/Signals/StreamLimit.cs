using System.Collections.Concurrent;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Protocol.Signals;

/// <summary>Bounds how many streams of notifications a user has open on this replica.</summary>
internal sealed class StreamLimit(IOptions<ProtocolOptions> options)
{
    private readonly ConcurrentDictionary<Id<UserRef>, int> _open = new();

    /// <summary>A place, until it is disposed; null when the user has too many.</summary>
    public IDisposable? Take(Id<UserRef> user)
    {
        if (_open.AddOrUpdate(user, 1, (_, count) => count + 1) <= options.Value.MaxStreamsPerUser)
        {
            return new Place(this, user);
        }

        Leave(user);
        return null;
    }

    private void Leave(Id<UserRef> user)
    {
        var left = _open.AddOrUpdate(user, 0, (_, count) => count - 1);
        if (left == 0)
        {
            // Only if it still is: another stream may just have begun.
            _open.TryRemove(new(user, 0));
        }
    }

    private sealed class Place(StreamLimit limit, Id<UserRef> user) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                limit.Leave(user);
            }
        }
    }
}

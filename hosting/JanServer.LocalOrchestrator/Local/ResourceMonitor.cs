using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.Local;

/// <summary>The read model of a run: every resource's status, its changes, and its log.</summary>
internal sealed class ResourceMonitor
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, ResourceStatus> _resources = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private ImmutableArray<ChannelWriter<ResourceStatus>> _watchers = [];

    public IReadOnlyList<ResourceStatus> Snapshot()
    {
        lock (_lock)
        {
            return [.. _resources.Values];
        }
    }

    public ResourceStatus? Find(string name)
    {
        lock (_lock)
        {
            return _resources.GetValueOrDefault(name);
        }
    }

    public ResourceLog LogOf(string name) => _logs.GetOrAdd(name, static n => new(n));

    public void Add(ResourceStatus status)
    {
        lock (_lock)
        {
            _resources[status.Name] = status;
        }
    }

    public ResourceStatus Update(string name, Func<ResourceStatus, ResourceStatus> change)
    {
        lock (_lock)
        {
            var before = _resources[name];
            var after = change(before);
            if (after != before)
            {
                _resources[name] = after;

                // Inside the lock, so that every watcher sees the changes in their order; a channel never blocks its writer.
                foreach (var watcher in _watchers)
                {
                    watcher.TryWrite(after);
                }
            }

            return after;
        }
    }

    /// <summary>The present status of every resource, then each change.</summary>
    public async IAsyncEnumerable<ResourceStatus> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var changes = Channel.CreateUnbounded<ResourceStatus>(new() { SingleReader = true });
        lock (_lock)
        {
            foreach (var status in _resources.Values)
            {
                changes.Writer.TryWrite(status);
            }

            _watchers = _watchers.Add(changes.Writer);
        }

        try
        {
            await foreach (var status in changes.Reader.ReadAllAsync(ct))
            {
                yield return status;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers = _watchers.Remove(changes.Writer);
            }
        }
    }

    /// <summary>Ends with the first status of the resource that fulfils the condition.</summary>
    public async Task<ResourceStatus> WaitAsync(string name, Func<ResourceStatus, bool> condition, CancellationToken ct)
    {
        await foreach (var status in WatchAsync(ct))
        {
            if (string.Equals(status.Name, name, StringComparison.OrdinalIgnoreCase) && condition(status))
            {
                return status;
            }
        }

        throw new OperationCanceledException(ct);
    }
}

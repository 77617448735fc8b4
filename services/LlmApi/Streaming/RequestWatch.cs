using JanServer.LlmApi.Completions;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Streaming;

/// <summary>
/// One timer for the waits of all requests: a request that waits costs an entry in a list, not a timer of its own. Each beat looks for
/// silent clients that are due a heartbeat and for silent upstreams that are given up.
/// </summary>
internal sealed class RequestWatch : IDisposable
{
    private static readonly TimeSpan LongestBeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestBeat = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly HashSet<WatchedRequest> _requests = [];
    private readonly ITimer _timer;

    public RequestWatch(TimeProvider clock, IOptions<CompletionOptions> options)
    {
        _clock = clock;
        var shortest = new[] { options.Value.Heartbeat, options.Value.StreamIdle, options.Value.Deadline }.Min() / 4;
        var beat = shortest > LongestBeat ? LongestBeat : shortest < ShortestBeat ? ShortestBeat : shortest;
        _timer = clock.CreateTimer(_ => Beat(), null, beat, beat);
    }

    public void Add(WatchedRequest request)
    {
        lock (_lock)
        {
            _requests.Add(request);
        }
    }

    public void Remove(WatchedRequest request)
    {
        lock (_lock)
        {
            _requests.Remove(request);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Beat()
    {
        var now = _clock.GetTimestamp();
        List<WatchedRequest>? due = null;
        lock (_lock)
        {
            foreach (var request in _requests)
            {
                if (request.IsDue(_clock, now))
                {
                    (due ??= []).Add(request);
                }
            }
        }

        // Outside the lock: a cancellation runs the code that waits for it.
        due?.ForEach(request => request.Act(_clock, now));
    }
}

using System.Threading.Channels;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Responses;

/// <summary>Events on their way from a run to the client that waits for it. A client that is slow slows the run; one that is gone does not.</summary>
internal sealed class LiveStream
{
    private const int Capacity = 256;

    private readonly Channel<ResponseEvent> _events = Channel.CreateBounded<ResponseEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    public IAsyncEnumerable<ResponseEvent> Events => _events.Reader.ReadAllAsync();

    /// <summary>Hands an event over; does nothing when nobody reads any more.</summary>
    public async ValueTask WriteAsync(ResponseEvent happened, CancellationToken ct)
    {
        while (!_events.Writer.TryWrite(happened))
        {
            if (!await _events.Writer.WaitToWriteAsync(ct))
            {
                return;
            }
        }
    }

    /// <summary>Nothing more is written, or nobody reads any more.</summary>
    public void Close() => _events.Writer.TryComplete();
}

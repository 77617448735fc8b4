using System.Buffers;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Streaming;

namespace JanServer.LlmApi.Upstreams;

/// <summary>
/// An answer that has begun: either a whole JSON object, or a stream whose first event has been read. Owns the connection and the buffers.
/// </summary>
internal sealed class UpstreamAnswer(ModelOffer offer, UpstreamEndpoint endpoint, HttpResponseMessage response) : IDisposable
{
    private byte[]? _body;
    private int _length;
    private bool _isUnderWay;

    public ModelOffer Offer => offer;

    /// <summary>The address that it comes from.</summary>
    public UpstreamEndpoint Endpoint => endpoint;

    public int Status => (int)response.StatusCode;

    public bool IsSuccess => response.IsSuccessStatusCode;

    /// <summary>The events, when the answer is a stream.</summary>
    public SseReader? Events { get; private set; }

    /// <summary>Where the events come from.</summary>
    public Stream Source { get; private set; } = Stream.Null;

    /// <summary>The data of the first event.</summary>
    public ReadOnlyMemory<byte> First { get; private set; }

    /// <summary>Whether the first event was in the last bytes of the stream.</summary>
    public bool Ended { get; private set; }

    /// <summary>The JSON object, when the answer is no stream.</summary>
    public ReadOnlyMemory<byte> Body => _body.AsMemory(0, _length);

    /// <summary>Reads up to the first event; a failure when there is none.</summary>
    public async ValueTask<UpstreamFailure?> ReadFirstAsync(int maxEventBytes, CancellationToken ct)
    {
        Source = await response.Content.ReadAsStreamAsync(ct);
        Events = new SseReader();
        while (true)
        {
            SseToken token;
            while ((token = Events.TryRead(Ended, out var data)) != SseToken.Incomplete)
            {
                if (token == SseToken.Event)
                {
                    First = data;
                    return null;
                }
            }

            if (Ended)
            {
                return UpstreamFailure.Ended;
            }

            if (Events.Pending > maxEventBytes)
            {
                return UpstreamFailure.TooLarge;
            }

            var count = await Source.ReadAsync(Events.Space(), ct);
            Events.Advance(count);
            Ended = count == 0;
        }
    }

    /// <summary>Reads the whole body; a failure when it is larger than <paramref name="maxBytes"/>.</summary>
    public async ValueTask<UpstreamFailure?> ReadBodyAsync(int maxBytes, CancellationToken ct)
    {
        var expected = response.Content.Headers.ContentLength;
        if (expected > maxBytes)
        {
            return UpstreamFailure.TooLarge;
        }

        Source = await response.Content.ReadAsStreamAsync(ct);
        _body = ArrayPool<byte>.Shared.Rent((int?)expected + 1 ?? 4096);
        while (true)
        {
            if (_length == _body.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(_body.Length * 2);
                _body.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(_body);
                _body = larger;
            }

            var count = await Source.ReadAsync(_body.AsMemory(_length), ct);
            _length += count;
            if (count == 0)
            {
                return null;
            }

            if (_length > maxBytes)
            {
                return UpstreamFailure.TooLarge;
            }
        }
    }

    /// <summary>The answer is the one that is relayed: until it is disposed it counts as load of its endpoint.</summary>
    public void Keep() => _isUnderWay = true;

    public void Dispose()
    {
        if (_isUnderWay)
        {
            _isUnderWay = false;
            endpoint.Ended();
        }

        // First the connection, so that nothing writes into the buffers any more.
        response.Dispose();
        Events?.Dispose();
        if (_body is { } body)
        {
            _body = null;
            ArrayPool<byte>.Shared.Return(body);
        }
    }
}

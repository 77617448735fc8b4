using System.IO.Pipelines;
using JanServer.LlmApi.Answers;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Upstreams;

namespace JanServer.LlmApi.Streaming;

/// <summary>
/// Relays a stream as bytes: each event goes on as it came, but for what <see cref="AnswerRewrite"/> changes. Once the answer is committed
/// it ends with exactly one <c>[DONE]</c>, after an error event if the upstream failed: who has seen the end can rely on what is stored.
/// </summary>
internal sealed class StreamRelay(
    Exchange exchange, UpstreamAnswer answer, AnswerDelivery delivery, ClientStream client, WatchedRequest watch, TimeSpan idle, int maxEventBytes)
{
    private const int MaxLastReads = 4;

    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(100);

    private readonly SseReader _events = answer.Events!;
    private volatile bool _stopping;
    private bool _done;
    private bool _ended = answer.Ended;
    private UpstreamFailure? _failure;

    public static bool IsDone(ReadOnlySpan<byte> data) => data.Trim((byte)' ').SequenceEqual("[DONE]"u8);

    /// <summary>Runs until either side ends. Returns how the upstream failed, if it did.</summary>
    /// <param name="attempt">Ends with the client or with the upstream's patience.</param>
    /// <param name="clientGone">Ends with the client.</param>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async Task<UpstreamFailure?> RunAsync(CancellationToken attempt, CancellationToken clientGone)
    {
        exchange.SawFirstToken();
        watch.Heard(idle);
        await client.EnterAsync(clientGone);
        Accept(answer.First);
        while (true)
        {
            RelayBuffered();
            var isOver = _done || _ended || _failure is not null;
            if (isOver)
            {
                await EndAsync();
            }

            await FlushAsync(clientGone);
            if (isOver)
            {
                return _failure;
            }

            await ReadAsync(attempt, clientGone);
            await client.EnterAsync(clientGone);
        }
    }

    /// <summary>Ends the stream with an error event, because this server stops.</summary>
    public void Stop()
    {
        _stopping = true;
        watch.Cancel();
    }

    /// <summary>Reads what follows the end of the answer, if it is there already; a connection at its end can be used again.</summary>
    public async Task FinishAsync(CancellationToken attempt)
    {
        watch.Heard(LastWords);
        try
        {
            for (var reads = 0; reads < MaxLastReads && !_ended; reads++)
            {
                _ended = await answer.Source.ReadAsync(_events.Space(), attempt) == 0;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            _ended = true;
        }
    }

    private void RelayBuffered()
    {
        SseToken token;
        while (!_done && _failure is null && (token = _events.TryRead(_ended, out var data)) != SseToken.Incomplete)
        {
            if (token == SseToken.Event)
            {
                Accept(data);
            }
        }

        if (_events.Pending > maxEventBytes)
        {
            _failure ??= UpstreamFailure.TooLarge;
        }
    }

    private async ValueTask EndAsync()
    {
        if (!_done && _failure is null && exchange.FinishReason is null)
        {
            _failure = UpstreamFailure.Ended;
        }

        await delivery.CommitAsync(_failure);
        if (_failure is not null)
        {
            client.WriteError(_failure.Error);
        }

        client.WriteDone();
    }

    private async ValueTask FlushAsync(CancellationToken clientGone)
    {
        var flush = client.LeaveAsync(clientGone);
        if (!flush.IsCompleted)
        {
            // While the client is slow to read, the upstream's silence is our doing.
            watch.Heard(TimeSpan.MaxValue);
        }

        if (!await flush)
        {
            throw new OperationCanceledException(clientGone);
        }

        watch.Heard(idle);
    }

    private async ValueTask ReadAsync(CancellationToken attempt, CancellationToken clientGone)
    {
        try
        {
            var count = await answer.Source.ReadAsync(_events.Space(), attempt);
            _events.Advance(count);
            _ended = count == 0;
        }
        catch (OperationCanceledException) when (!clientGone.IsCancellationRequested)
        {
            Break(_stopping ? UpstreamFailure.Stopping : UpstreamFailure.Stalled);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            Break(UpstreamFailure.Ended);
        }
    }

    // An answer that said why it finished is whole, however its connection ended.
    private void Break(UpstreamFailure failure)
    {
        _ended = true;
        _failure = exchange.FinishReason is null ? failure : null;
    }

    private void Accept(ReadOnlyMemory<byte> data)
    {
        var json = data.Span;
        if (IsDone(json))
        {
            _done = true;
            return;
        }

        if (!ChunkScan.TryRead(json, out var scan))
        {
            _failure = UpstreamFailure.Garbage;
            return;
        }

        if (scan.HasError)
        {
            _failure = UpstreamFailure.FromBody(UpstreamError.FromBody(data, answer.Offer.Provider.Settings.ApiKey));
            return;
        }

        exchange.Pieces += scan.HasResults && !scan.IsEmpty ? 1 : 0;
        if (scan is { IsEmpty: true, HasUsage: true } && !exchange.Request.ShowsUsage)
        {
            delivery.Rewrite.Note(scan);
        }
        else
        {
            Write(client.Body, json, scan);
        }
    }

    private void Write(PipeWriter writer, ReadOnlySpan<byte> json, in ChunkScan scan)
    {
        var start = "data: "u8;
        var edits = delivery.Rewrite.Edits(json, scan);
        var span = writer.GetSpan(start.Length + json.Length + edits.Growth + 2);
        start.CopyTo(span);
        var length = start.Length + edits.Apply(json, span[start.Length..]);
        delivery.Capture?.Add(span[start.Length..length]);

        // Data of several lines is joined by LF, which within JSON is only white space; one line is the safer framing.
        span[start.Length..length].Replace((byte)'\n', (byte)' ');
        "\n\n"u8.CopyTo(span[length..]);
        writer.Advance(length + 2);
        client.Wrote();
    }
}

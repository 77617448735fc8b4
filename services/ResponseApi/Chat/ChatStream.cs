using System.Net.ServerSentEvents;

namespace JanServer.ResponseApi.Chat;

/// <summary>A model's answer as it arrives. Ends with the token it was opened with, or when the model pauses too long.</summary>
internal sealed class ChatStream : IAsyncDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly CancellationTokenSource _pause;
    private readonly CancellationToken _ct;
    private readonly ChatChunk _chunk = new();
    private readonly ChatOptions _limits;
    private long _length;
    private IAsyncEnumerator<SseItem<ChatChunk>>? _events;
    private bool _first = true;

    /// <param name="answer">Whose body is the stream; disposed with this.</param>
    /// <param name="pause">Ends the wait for the next event; disposed with this.</param>
    /// <param name="limits">How long that may take, and how long the answer may be.</param>
    /// <param name="ct">The caller's own, to tell its end from a pause that was too long.</param>
    public ChatStream(HttpResponseMessage answer, CancellationTokenSource pause, ChatOptions limits, CancellationToken ct) =>
        (_answer, _pause, _limits, _ct) = (answer, pause, limits, ct);

    /// <summary>Waits for the first event, which <see cref="NextAsync"/> then gives once more.</summary>
    public async ValueTask<ChatFailure?> BeginAsync()
    {
        try
        {
            var body = await _answer.Content.ReadAsStreamAsync(_pause.Token);
            _events = SseParser.Create(body, Read).EnumerateAsync(_pause.Token).GetAsyncEnumerator(_pause.Token);
        }
        catch (Exception e) when (Explain(e) is { } failure)
        {
            return failure;
        }

        return await MoveAsync() ? _chunk.Failure : ChatFailure.BrokeOff;
    }

    /// <summary>The next event, in memory that the one after it uses again; null at the end of the stream.</summary>
    public async ValueTask<ChatChunk?> NextAsync()
    {
        if (_first)
        {
            _first = false;
            return _chunk;
        }

        _pause.CancelAfter(_limits.Idle);
        return await MoveAsync() ? _chunk : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_events is not null)
        {
            await _events.DisposeAsync();
        }

        _answer.Dispose();
        _pause.Dispose();
    }

    private async ValueTask<bool> MoveAsync()
    {
        try
        {
            return await _events!.MoveNextAsync();
        }
        catch (Exception e) when (Explain(e) is { } failure)
        {
            _chunk.Clear();
            _chunk.Failure = failure;
            return true;
        }
    }

    private ChatFailure? Explain(Exception e) => e switch
    {
        OperationCanceledException => _ct.IsCancellationRequested ? null : ChatFailure.TimedOut,
        IOException or HttpRequestException => _ct.IsCancellationRequested ? null : ChatFailure.BrokeOff,
        _ => null,
    };

    private ChatChunk Read(string eventType, ReadOnlySpan<byte> data)
    {
        ChunkReader.Read(data, _chunk);
        _length += _chunk.Length;
        if (_length > _limits.MaxAnswerBytes)
        {
            _chunk.Clear();
            _chunk.Failure = ChatFailure.TooLong;
        }

        return _chunk;
    }
}

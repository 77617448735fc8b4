using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Answers;

/// <summary>The response to a POST of one message: a JSON document or a stream, decided as late as its form allows.</summary>
/// <param name="response">Not begun yet.</param>
/// <param name="form">What the client takes.</param>
/// <param name="statusOf">The HTTP status of an answer that is sent alone.</param>
internal sealed class HttpAnswer(HttpResponse response, AnswerForm form, Func<JsonRpcMessage, int> statusOf) : IAnswer, IDisposable
{
    private readonly EventStream _stream = new(response);

    // Notifications come from whatever thread the tool runs on.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _finished;

    public bool CanNotify => form != AnswerForm.Json;

    public async ValueTask SendAsync(JsonRpcMessage message, CancellationToken ct)
    {
        if (!CanNotify)
        {
            return;
        }

        await _turn.WaitAsync(ct);
        try
        {
            if (!_finished)
            {
                await BeginStreamAsync(StatusCodes.Status200OK, ct);
                await _stream.WriteAsync(message, ct);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask FinishAsync(JsonRpcMessage answer, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (_finished)
            {
                return;
            }

            _finished = true;
            if (!_stream.HasBegun && form != AnswerForm.Events)
            {
                await JsonAnswer.WriteAsync(response, statusOf(answer), McpJson.Bytes(answer), ct);
                return;
            }

            await BeginStreamAsync(statusOf(answer), ct);
            await _stream.WriteAsync(answer, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask AbandonAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            if (!_finished && !_stream.HasBegun)
            {
                response.StatusCode = StatusCodes.Status202Accepted;
            }

            _finished = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask KeepAliveAsync(CancellationToken ct)
    {
        if (!CanNotify)
        {
            return;
        }

        await _turn.WaitAsync(ct);
        try
        {
            if (!_finished)
            {
                await BeginStreamAsync(StatusCodes.Status200OK, ct);
                await _stream.KeepAliveAsync(ct);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private ValueTask BeginStreamAsync(int status, CancellationToken ct) => _stream.HasBegun ? default : _stream.BeginAsync(status, ct);
}

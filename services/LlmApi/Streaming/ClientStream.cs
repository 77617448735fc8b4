using System.Buffers;
using System.IO.Pipelines;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace JanServer.LlmApi.Streaming;

/// <summary>
/// The client's side of a stream. The relay and the heartbeat write through one gate, so that a comment never lands inside an event, and
/// nothing is written once the stream is closed.
/// </summary>
internal sealed class ClientStream(HttpContext http, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _sentAt = clock.GetTimestamp();
    private bool _entered;
    private bool _written;
    private bool _closed;

    /// <summary>Whether the status is sent, so that an error can only be an event.</summary>
    public bool HasBegun => http.Response.HasStarted;

    public PipeWriter Body => http.Response.BodyWriter;

    public string RequestId => http.TraceIdentifier;

    /// <summary>Waits for the right to write; <see cref="LeaveAsync"/> flushes and gives it back.</summary>
    public async ValueTask EnterAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        _entered = true;
        Begin();
    }

    /// <summary>Sends what was written; false when the client is gone.</summary>
    public async ValueTask<bool> LeaveAsync(CancellationToken ct)
    {
        try
        {
            var flushed = await Body.FlushAsync(ct);
            if (_written)
            {
                _written = false;
                Volatile.Write(ref _sentAt, clock.GetTimestamp());
            }

            return !flushed.IsCompleted && !flushed.IsCanceled;
        }
        finally
        {
            _entered = false;
            _gate.Release();
        }
    }

    public bool IsSilent(long now, TimeSpan limit) => clock.GetElapsedTime(Volatile.Read(ref _sentAt), now) >= limit;

    /// <summary>Sends a comment unless something is being sent anyway. A client that is gone is found out by the relay.</summary>
    public void Beat()
    {
        if (!_closed)
        {
            _ = BeatAsync();
        }
    }

    /// <summary>Waits for a heartbeat in flight and lets no other begin.</summary>
    public async ValueTask CloseAsync()
    {
        // Entered and never left: writing failed half-way.
        if (!_entered)
        {
            await _gate.WaitAsync(CancellationToken.None);
        }

        (_closed, _entered) = (true, false);
        _gate.Release();
    }

    /// <summary>Something was written to <see cref="Body"/>: the client will not be silent. An upstream's comments are not passed on.</summary>
    public void Wrote() => _written = true;

    public void WriteError(ApiError error)
    {
        ErrorEnvelope.WriteEvent(Body, error, RequestId);
        Wrote();
    }

    public void WriteDone()
    {
        Body.Write("data: [DONE]\n\n"u8);
        Wrote();
    }

    public void Dispose() => _gate.Dispose();

    private async Task BeatAsync()
    {
        try
        {
            if (!await _gate.WaitAsync(TimeSpan.Zero, CancellationToken.None))
            {
                return;
            }

            try
            {
                if (!_closed)
                {
                    Begin();
                    Body.Write(": keep-alive\n\n"u8);
                    await Body.FlushAsync(http.RequestAborted);
                    Volatile.Write(ref _sentAt, clock.GetTimestamp());
                }
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The client is gone, which the relay notices by the same token, or the request has ended.
        }
    }

    private void Begin()
    {
        if (http.Response.HasStarted)
        {
            return;
        }

        http.Response.StatusCode = StatusCodes.Status200OK;
        var headers = http.Response.Headers;
        headers.ContentType = "text/event-stream; charset=utf-8";
        headers.CacheControl = "no-cache";

        // Without it nginx collects the stream before it passes it on.
        headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}

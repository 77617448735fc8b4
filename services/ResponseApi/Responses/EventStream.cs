using System.IO.Pipelines;
using System.Text;
using JanServer.ResponseApi.Runs;
using Microsoft.AspNetCore.Http.Features;

namespace JanServer.ResponseApi.Responses;

/// <summary>Writes events to a client as OpenAI does: <c>event</c> and <c>data</c> lines, no <c>[DONE]</c>, and comments when nothing happens.</summary>
internal static class EventStream
{
    // Shorter than what proxies take for a dead connection.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Writes events until there are no more; throws when the client is gone.</summary>
    /// <param name="events">Must end soon when its token is cancelled.</param>
    public static async Task WriteAsync(HttpContext context, IAsyncEnumerable<ResponseEvent> events, CancellationToken ct)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.FlushAsync(ct);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var source = events.GetAsyncEnumerator(stop.Token);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next ??= source.MoveNextAsync().AsTask();
                if (!next.IsCompleted && await IsSilentAsync(next, ct))
                {
                    await response.BodyWriter.WriteAsync(":\n\n"u8.ToArray(), ct);
                    continue;
                }

                if (!await next)
                {
                    return;
                }

                next = null;
                await WriteAsync(response.BodyWriter, source.Current, ct);
            }
        }
        finally
        {
            await stop.CancelAsync();
            if (next is not null)
            {
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await source.DisposeAsync();
        }
    }

    private static async Task<bool> IsSilentAsync(Task next, CancellationToken ct)
    {
        await next.WaitAsync(Heartbeat, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        return !next.IsCompleted;
    }

    private static async ValueTask WriteAsync(PipeWriter writer, ResponseEvent happened, CancellationToken ct)
    {
        Write(writer, "event: "u8);
        Encoding.UTF8.GetBytes(happened.Type, writer);
        Write(writer, "\ndata: "u8);
        Write(writer, happened.Data.Span);
        Write(writer, "\n\n"u8);
        await writer.FlushAsync(ct);
    }

    private static void Write(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }
}

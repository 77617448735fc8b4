using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>Server-sent events (WHATWG HTML 9.2) to one browser. Ends with the browser's connection or with the dashboard.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponse _response;
    private readonly CancellationTokenSource _ended;

    private EventStream(HttpContext context)
    {
        _response = context.Response;
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        _ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
    }

    public static async Task RunAsync(HttpContext context, Func<EventStream, CancellationToken, Task> write)
    {
        using var stream = new EventStream(context);
        context.Response.ContentType = "text/event-stream";
        try
        {
            await stream._response.StartAsync(stream._ended.Token);
            await write(stream, stream._ended.Token);
        }
        catch (OperationCanceledException) when (stream._ended.IsCancellationRequested)
        {
            // The ordinary end of a stream that has none.
        }
    }

    public async Task WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, CancellationToken ct)
    {
        // JSON has no line breaks of its own, so one data line carries it.
        await _response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(value, type)}\n\n", ct);
        await _response.Body.FlushAsync(ct);
    }

    public void Dispose() => _ended.Dispose();
}

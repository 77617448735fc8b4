using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JanServer.Testing.Upstreams;

/// <summary>
/// An OpenAI-compatible server on the loopback, scripted by the test. A request that no script expects is answered 501
/// and fails the test when the upstream is disposed.
/// </summary>
public sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<RecordedRequest> _arrivals = Channel.CreateUnbounded<RecordedRequest>();
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentQueue<string> _unexpected = new();
    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ConcurrentDictionary<string, Func<FakeExchange, Task>> _always = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<FakeExchange, Task>>> _next = new(StringComparer.Ordinal);

    private FakeUpstream(WebApplication app) => _app = app;

    /// <summary>What a provider's base address is: <c>http://127.0.0.1:port/v1</c>.</summary>
    public Uri BaseAddress => new(new Uri(_app.Urls.First()), "v1");

    /// <summary>Everything that was asked so far.</summary>
    public IReadOnlyCollection<RecordedRequest> Requests => _requests;

    public static async Task<FakeUpstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var upstream = new FakeUpstream(app);
        app.Run(upstream.HandleAsync);
        await app.StartAsync();
        return upstream;
    }

    /// <summary>Plays <paramref name="script"/> for every request to <paramref name="path"/> that no <see cref="Next"/> is left for.</summary>
    /// <param name="path">Such as <c>/v1/models</c>.</param>
    /// <param name="script">What to answer.</param>
    public void Always(string path, Func<FakeExchange, Task> script) => _always[path] = script;

    /// <summary>Plays <paramref name="script"/> for one request to <paramref name="path"/>; several are played in order.</summary>
    /// <param name="path">Such as <c>/v1/chat/completions</c>.</param>
    /// <param name="script">What to answer.</param>
    public void Next(string path, Func<FakeExchange, Task> script) =>
        _next.GetOrAdd(path, _ => new()).Enqueue(script);

    /// <summary>Plays <paramref name="script"/> for the next chat completion.</summary>
    public void NextChat(Func<FakeExchange, Task> script) => Next("/v1/chat/completions", script);

    /// <summary>Waits for the next request that no earlier call of this method returned.</summary>
    public Task<RecordedRequest> ArrivalAsync() => _arrivals.Reader.ReadAsync().AsTask().Soon();

    public async ValueTask DisposeAsync()
    {
        using (var now = new CancellationTokenSource())
        {
            await now.CancelAsync();
            await _app.StopAsync(now.Token);
        }

        await _app.DisposeAsync();
        if (!_unexpected.IsEmpty || !_failures.IsEmpty)
        {
            throw new InvalidOperationException(
                $"The fake upstream was asked what no script expected: {string.Join(", ", _unexpected)}. Scripts that failed: "
                + string.Join("; ", _failures.Select(failure => failure.Message)));
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var path = context.Request.Path.Value!;
        var request = new RecordedRequest(
            context.Request.Method, path + context.Request.QueryString, context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase), body.ToArray());
        _requests.Enqueue(request);
        _arrivals.Writer.TryWrite(request);

        Func<FakeExchange, Task>? script = null;
        if (!(_next.TryGetValue(path, out var queue) && queue.TryDequeue(out script)) && !_always.TryGetValue(path, out script))
        {
            _unexpected.Enqueue($"{request.Method} {request.Path}");
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
            return;
        }

        try
        {
            await script(new FakeExchange(context, request));
        }
        catch (OperationCanceledException)
        {
            // The client hung up, which is its right; a test that minds waits for ClientGone.
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            _failures.Enqueue(e);
            context.Abort();
        }
    }
}

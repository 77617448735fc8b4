using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Scraping.Reading;

/// <summary>
/// Takes documents apart on threads of their own, with a large stack and a limit of time. Not everything in
/// the libraries can be interrupted: work that does not end is no longer waited for, and keeps its place, so that a few such documents
/// cannot take more than their share.
/// </summary>
internal sealed class ReadingThreads(IOptions<ScrapeOptions> options, TimeProvider clock) : IDisposable
{
    private const int StackBytes = 16 << 20;

    private readonly SemaphoreSlim _places = new(options.Value.MaxConcurrentReads);

    /// <summary>Runs <paramref name="work"/>.</summary>
    /// <exception cref="TimeoutException">It took longer than <paramref name="limit"/>, or no place became free in that time.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await _places.WaitAsync(either.Token);
            return await Start(work, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The document took too long to read.");
        }
    }

    public void Dispose() => _places.Dispose();

    private Task<T> Start<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => _ = RunAsync(work, done, ct), StackBytes) { IsBackground = true, Name = "scrape reading" };
        thread.Start();
        return done.Task;
    }

    private async Task RunAsync<T>(Func<CancellationToken, Task<T>> work, TaskCompletionSource<T> done, CancellationToken ct)
    {
        try
        {
            done.SetResult(await work(ct));
        }
        catch (OperationCanceledException)
        {
            done.TrySetCanceled(ct);
        }
        catch (Exception exception)
        {
            done.TrySetException(exception);
        }
        finally
        {
            _places.Release();
        }
    }
}

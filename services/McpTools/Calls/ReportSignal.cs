namespace JanServer.McpTools.Calls;

/// <summary>Wakes whoever tells conversations of calls when there is something to tell.</summary>
internal sealed class ReportSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    public void Raise()
    {
        try
        {
            _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is raised already.
            return;
        }
    }

    /// <summary>Waits until it is raised, but no longer than the time given.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken ct) => _raised.WaitAsync(most, ct);

    public void Dispose() => _raised.Dispose();
}

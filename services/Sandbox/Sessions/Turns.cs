namespace JanServer.Sandbox.Sessions;

/// <summary>Lets one in at a time, in the order in which they came.</summary>
internal sealed class Turns
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Waits for a turn.</summary>
    /// <returns>Ends the turn; null when it did not come in time.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any longer.</exception>
    public async Task<Action?> WaitAsync(TimeSpan time, CancellationToken ct)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_lock)
        {
            before = _last;
            _last = mine.Task;
        }

        var came = false;
        try
        {
            await before.WaitAsync(time, ct);
            came = true;
            return mine.SetResult;
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            if (!came)
            {
                // Whoever comes next waits for the one before.
                _ = before.ContinueWith(_ => mine.SetResult(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }
}

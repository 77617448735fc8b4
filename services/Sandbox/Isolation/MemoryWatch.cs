namespace JanServer.Sandbox.Isolation;

/// <summary>
/// Bounds the memory of a run as a whole where no control group does: adds up its processes ten times a second and kills the run when
/// they have more than it may. In between, each process is bounded by its address space.
/// </summary>
internal sealed class MemoryWatch(int root, long limit, Action kill)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether it killed the run.</summary>
    public bool Tripped { get; private set; }

    /// <summary>Watches until told to end.</summary>
    public async Task WatchAsync(CancellationToken end)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                if (ProcessTree.Of(root).Sum(ProcessTree.MemoryOf) > limit)
                {
                    Tripped = true;
                    kill();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
            return;
        }
    }
}

using JanServer.Testing;

namespace JanServer.AppHost.Tests.Agents;

/// <summary>A place where something waits until the test lets it go on.</summary>
internal sealed class Pause
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it has been reached.</summary>
    public Task Reached => _reached.Task.Soon();

    public void Release() => _released.TrySetResult();

    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _released.Task.Soon();
    }
}

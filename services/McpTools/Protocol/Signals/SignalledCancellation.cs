namespace JanServer.McpTools.Protocol.Signals;

internal static class SignalledCancellation
{
    /// <summary>
    /// Cancels, but not on this thread: what it cancels may take its time, and the thread that hears the other replicas has none. Nothing
    /// happens when the source is disposed, because what it could end has just ended by itself.
    /// </summary>
    public static void CancelSoon(this CancellationTokenSource source)
    {
        try
        {
            source.CancelAfter(TimeSpan.Zero);
        }
        catch (ObjectDisposedException)
        {
            // As said: it is over.
        }
    }
}

using System.Diagnostics;

namespace JanServer.Sandbox.Isolation;

/// <summary>
/// Starts programs from one thread that lives as long as the process. <c>--die-with-parent</c> means the thread that forked
/// (prctl(2), PR_SET_PDEATHSIG): started from a pool thread, a program would be killed when the pool lets that thread go.
/// </summary>
internal sealed class Launcher : IDisposable
{
    private readonly object _lock = new();
    private readonly Queue<Order> _orders = [];
    private bool _isClosed;

    public Launcher() => new Thread(Work) { IsBackground = true, Name = nameof(Launcher) }.Start();

    /// <summary>Starts a program. It inherits nothing but its standard streams.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public Task<Process> StartAsync(ProcessStartInfo info)
    {
        var order = new Order(info, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _orders.Enqueue(order);
            Monitor.Pulse(_lock);
        }

        return order.Started.Task;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.Pulse(_lock);
        }
    }

    private void Work()
    {
        while (Next() is { } order)
        {
            try
            {
                Descriptors.CloseOnExec();
                order.Started.SetResult(Process.Start(order.Info)!);
            }
            catch (Exception exception)
            {
                order.Started.SetException(exception);
            }
        }
    }

    private Order? Next()
    {
        lock (_lock)
        {
            while (_orders.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_lock);
            }

            return _orders.TryDequeue(out var order) ? order : null;
        }
    }

    private sealed record Order(ProcessStartInfo Info, TaskCompletionSource<Process> Started);
}

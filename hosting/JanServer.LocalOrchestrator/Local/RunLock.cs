using System.Globalization;

namespace Aspire.Hosting.Local;

/// <summary>One run per state folder: the kernel releases the lock when its process ends, however that ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _holder;

    private RunLock(FileStream file, string holder)
    {
        _lock = file;
        _holder = holder;
    }

    /// <exception cref="DistributedApplicationException">Another run holds it; the message names it.</exception>
    public static RunLock Acquire(StateFolder state)
    {
        Directory.CreateDirectory(state.Path);

        // The text stands in a second file because the locked one cannot be opened by whoever wants to read it.
        var holder = state.DataOf("run.pid");
        try
        {
            var file = new FileStream(state.DataOf("run.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(file, holder);
        }
        catch (IOException)
        {
            var pid = File.Exists(holder) ? File.ReadAllText(holder).Trim() : "unknown";
            throw new DistributedApplicationException(
                $"JanServer already runs from this checkout: process {pid} holds {state.Path}. Stop it with 'kill {pid}', "
                + "or run a second one with LocalOrchestrator__StateFolder=<folder> and Ports__offset=1000.");
        }
    }

    public void Dispose()
    {
        File.Delete(_holder);
        _lock.Dispose();
    }
}

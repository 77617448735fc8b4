using System.Diagnostics;

namespace JanServer.Sandbox.Isolation;

/// <summary>A program in a sandbox. Disposed, nothing is left of it: no process, no file, no control group.</summary>
internal sealed partial class JailedProcess : IAsyncDisposable
{
    private static readonly TimeSpan DeathTime = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string _folder;
    private readonly ControlGroup? _group;
    private readonly MemoryWatch? _memory;
    private readonly Action<bool> _released;
    private readonly CancellationTokenSource _over = new();
    private readonly ILogger _logger;
    private readonly Task _watching;
    private int _disposed;

    public JailedProcess(Process process, string folder, ControlGroup? group, Limits limits, Action<bool> released, ILogger logger)
    {
        _process = process;
        _folder = folder;
        _group = group;
        _released = released;
        _logger = logger;
        _memory = group is null ? new(process.Id, limits.MemoryBytes, Kill) : null;
        _watching = _memory?.WatchAsync(_over.Token) ?? Task.CompletedTask;
    }

    /// <summary>The outermost process, which takes all others with it.</summary>
    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Error => _process.StandardError.BaseStream;

    /// <summary>Whether something was killed for want of memory.</summary>
    public bool OutOfMemory => _group?.OutOfMemory ?? _memory!.Tripped;

    public bool HasExited => _process.HasExited;

    /// <summary>The program's exit code: 128 and the signal when a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Whether the program was begun. False when isolation itself failed, which the error stream then explains.</summary>
    public bool WasIsolated => File.Exists(StateFile) && File.ReadAllText(StateFile).Contains("\"exit-code\"", StringComparison.Ordinal);

    private string StateFile => Path.Combine(_folder, JailFiles.State);

    public Task WaitAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    /// <summary>Kills everything in the sandbox: its first process dies with the outermost one, and a namespace dies with its first.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
            return;
        }
    }

    /// <summary>Reads what the program wrote at <see cref="JailCommand.ResultDescriptor"/>.</summary>
    public FileStream OpenResult() => new(Path.Combine(_folder, JailFiles.Result), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        Kill();
        await _over.CancelAsync();
        await _watching;
        var gone = await DiedAsync();
        if (_group is not null)
        {
            gone &= await _group.RemoveAsync();
        }

        if (!gone)
        {
            Log.StillThere(_logger, Id);
        }

        _process.Dispose();
        _over.Dispose();
        _released(gone);
    }

    private async Task<bool> DiedAsync()
    {
        using var deadline = new CancellationTokenSource(DeathTime);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The sandbox of process {Id} did not end when it was killed")]
        public static partial void StillThere(ILogger logger, int id);
    }
}

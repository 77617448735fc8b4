using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Local;

/// <summary>A process that leads a session of its own: Ctrl+C in the terminal is for us, and its group can be signalled as one.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private static readonly string? SetSid = OperatingSystem.IsWindows() ? null : ExecutableSearch.Find("setsid");

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>The exit code; 128 + n after signal n.</summary>
    public Task<int> Exited => _exited.Task;

    public static ProcessStartInfo OwnSession(string command, IEnumerable<string> arguments)
    {
        if (SetSid is not null)
        {
            return new(SetSid, [command, .. arguments]);
        }

        // Without setsid the child stays in our group, but does not notice the terminal's Ctrl+C: an ignored signal stays ignored.
        return OperatingSystem.IsWindows()
            ? new(command, arguments)
            : new("/bin/sh", ["-c", "trap '' INT QUIT; exec \"$0\" \"$@\"", command, .. arguments]);
    }

    public static ChildProcess Start(
        ProcessCommand command, IReadOnlyDictionary<string, string> environment, Action<string> onLine, Action<string> onErrorLine)
    {
        var start = OwnSession(command.File, command.Arguments);
        start.WorkingDirectory = command.WorkingDirectory;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new ChildProcess(process);
        process.Exited += (_, _) => child._exited.TrySetResult(process.ExitCode);
        process.Start();
        process.StandardInput.Close();
        _ = PumpAsync(process.StandardOutput, onLine);
        _ = PumpAsync(process.StandardError, onErrorLine);
        return child;
    }

    /// <summary>Asks it to end, and kills it with all its children when it has not after <paramref name="grace"/>.</summary>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        Signal(SigTerm);
        try
        {
            await Exited.WaitAsync(grace);
            return true;
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited;
            return false;
        }
    }

    /// <summary>Kills it and everything in its group; harmless when it has ended.</summary>
    public void Kill() => Signal(SigKill);

    public void Dispose() => _process.Dispose();

    private static async Task PumpAsync(StreamReader output, Action<string> onLine)
    {
        try
        {
            while (await output.ReadLineAsync() is { } line)
            {
                onLine(line);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process was disposed while a grandchild still held the pipe.
        }
    }

    private void Signal(int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!Exited.IsCompleted)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        else if (SetSid is not null)
        {
            _ = NativeKill(-Id, signal);
        }
        else if (!Exited.IsCompleted)
        {
            _ = NativeKill(Id, signal);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeKill(int pid, int signal);
}

using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Servers;

namespace JanServer.McpTools.External.Connections;

/// <summary>
/// A program that is an MCP server on its standard input and output, in a process group of its own. A second small process waits for our
/// end, however it comes, and then kills the group.
/// </summary>
internal sealed partial class StdioProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "TMPDIR"];

    private readonly Process _program;
    private readonly Process _watch;
    private readonly Task _errors;

    private StdioProcess(Process program, Process watch, Task errors) => (_program, _watch, _errors) = (program, watch, errors);

    /// <summary>What the program reads.</summary>
    public Stream Input => _program.StandardInput.BaseStream;

    /// <summary>What the program writes.</summary>
    public Stream Output => _program.StandardOutput.BaseStream;

    /// <summary>The program, which leads the group.</summary>
    public int Id => _program.Id;

    /// <summary>Starts the program with nothing of our environment but what programs need.</summary>
    /// <exception cref="ServerFailureException">There is no such program, or no way to give it a group.</exception>
    public static StdioProcess Start(ExternalServer server, IReadOnlyDictionary<string, string> environment, ILogger logger)
    {
        // setsid makes a session and becomes the program, so the process we started is the leader of a group of its own.
        var info = Info("setsid", [server.Command!, .. server.Arguments]);
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        var program = Run(info);
        try
        {
            var id = program.Id.ToString(CultureInfo.InvariantCulture);
            var watch = Run(Info("/bin/sh", ["-c", "read -r line; kill -KILL \"-$1\" 2>/dev/null", "watch", id]));
            return new(program, watch, ReadErrorsAsync(program, server.Label, logger));
        }
        catch
        {
            program.Kill(entireProcessTree: true);
            program.Dispose();
            throw;
        }
    }

    /// <summary>Ends the input, which is how a server is told to go; what is left of the group after two seconds is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            _program.StandardInput.Close();
            await _program.WaitForExitAsync(grace.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // It does not go by itself.
        }

        _watch.StandardInput.Close();
        await _watch.WaitForExitAsync();
        await _program.WaitForExitAsync();
        await _errors;
        _program.Dispose();
        _watch.Dispose();
    }

    private static ProcessStartInfo Info(string program, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = Path.GetTempPath() };
        var kept = Inherited.Select(name => (name, info.Environment.TryGetValue(name, out var value) ? value : null)).ToList();
        info.Environment.Clear();
        foreach (var (name, value) in kept)
        {
            if (value is not null)
            {
                info.Environment[name] = value;
            }
        }

        return info;
    }

    private static Process Run(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{info.FileName} cannot be started.", e);
        }
    }

    // What a program writes there may hold anything, so only its size is told.
    private static async Task ReadErrorsAsync(Process program, string label, ILogger logger)
    {
        var buffer = new byte[4096];
        int read;
        try
        {
            while ((read = await program.StandardError.BaseStream.ReadAsync(buffer)) > 0)
            {
                Log.WroteErrors(logger, label, read);
            }
        }
        catch (IOException)
        {
            // The program is gone.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The MCP server {Label} wrote {Bytes} bytes to its standard error")]
        public static partial void WroteErrors(ILogger logger, string label, int bytes);
    }
}

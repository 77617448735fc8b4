using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using JanServer.Testing;

namespace JanServer.Sandbox.Tests.Fixtures;

/// <summary>The service as a process of its own, as root or as an ordinary user, on a free port, without a key: for this machine only.</summary>
internal sealed partial class SandboxProcess : IAsyncDisposable
{
    private const int OrdinaryUser = 54_321;
    private const int Terminate = 15;

    private static readonly Lazy<string> Folder = new(FindForEveryone);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SandboxProcess(Process process) => _process = process;

    public SandboxClient Client { get; private set; } = null!;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="asRoot">Whether it is to be root, which the tests must be then; else an ordinary user, also when the tests are root.</param>
    /// <param name="settings">Its configuration.</param>
    public static async Task<SandboxProcess> StartAsync(bool asRoot, params (string Key, string Value)[] settings)
    {
        string[] user = Environment.IsPrivilegedProcess && !asRoot
            ? ["setpriv", $"--reuid={OrdinaryUser}", $"--regid={OrdinaryUser}", "--clear-groups"]
            : [];

        // A file that whoever started the service left open: it must not be open in sandboxes.
        var info = new ProcessStartInfo(
            "/bin/sh", ["-c", "exec 8</etc/hostname; exec \"$@\"", "sh", .. user, "dotnet", Path.Combine(Folder.Value, "JanServer.Sandbox.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/tmp",
            Environment =
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["JANSERVER_WATCH_STDIN"] = "1",
                ["HOME"] = "/tmp",
                ["SECRET_OF_THE_SERVICE"] = "s3cret",
            },
        };
        foreach (var (key, value) in settings)
        {
            info.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var sandbox = new SandboxProcess(Process.Start(info)!);
        sandbox._process.OutputDataReceived += (_, line) => sandbox.Read(line.Data);
        sandbox._process.BeginOutputReadLine();
        sandbox.Client = new(new() { BaseAddress = await sandbox._listening.Task.Soon(), Timeout = Eventually.Deadline });
        return sandbox;
    }

    /// <summary>kill -9: it has no time for anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Soon();
    }

    /// <summary>Asks it to stop.</summary>
    public async Task StopAsync()
    {
        _ = Signal(_process.Id, Terminate);
        await _process.WaitForExitAsync().Soon();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await StopAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    /// <summary>A name for processes that no other test uses.</summary>
    public static string NewName() => $"jan{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    /// <summary>The processes of this machine with that name, which programs in sandboxes give themselves.</summary>
    public static int CountProcesses(string name) => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Count(folder => NameOf(folder) == name);

    private static string NameOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private void Read(string? line)
    {
        if (line is not null && Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new(match.Groups[1].Value));
        }
    }

    /// <summary>Where an ordinary user can read the service: the build output, or a copy if only root may look there.</summary>
    private static string FindForEveryone()
    {
        if (!Environment.IsPrivilegedProcess || IsOpen(new(AppContext.BaseDirectory)))
        {
            return AppContext.BaseDirectory;
        }

        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"sandbox-tests-{Environment.ProcessId}"));
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        return folder.FullName;
    }

    private static bool IsOpen(DirectoryInfo? folder) =>
        folder is null || ((folder.UnixFileMode & UnixFileMode.OtherExecute) != 0 && IsOpen(folder.Parent));

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}

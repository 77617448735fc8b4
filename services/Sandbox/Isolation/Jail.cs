using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Isolation;

/// <summary>
/// Starts programs where they can do no harm: no network, a system that is read-only, no environment, no other processes, refused
/// system calls, bounded memory, processor time, processes and disk. There is no way to start one outside.
/// </summary>
internal sealed partial class Jail(
    Launcher launcher,
    Programs programs,
    UserIds users,
    Lazy<ScratchFolder> scratch,
    IOptions<SandboxOptions> options,
    ILogger<Jail> logger)
{
    // Opens the files as this user, joins the control group, and becomes the command.
    private const string Script = """
        exec 3<"$1" 4<"$2" 7>"$3"; input=$4; result=$5; shift 5
        [ -z "$input" ] || exec 5<"$input"
        [ -z "$result" ] || exec 6>"$result"
        while [ "$1" != -- ]; do echo $$ >"$1" || exit 1; shift; done
        shift
        exec "$@"
        """;

    private readonly Lazy<ControlGroups?> _groups = new(() => FindGroups(logger));

    /// <summary>Starts a program.</summary>
    /// <returns>The running program, or why there is none, for <see cref="Availability.Error"/>.</returns>
    public async Task<(JailedProcess? Process, string? WhyNot)> StartAsync(JailCommand command)
    {
        if (programs.Missing() is { } missing)
        {
            return (null, missing);
        }

        var folder = scratch.Value.Create();
        var user = users.Take();
        ControlGroup? group = null;
        try
        {
            group = _groups.Value?.Create(command.Limits, options.Value);
            var process = await launcher.StartAsync(await PrepareAsync(command, folder, user, group));
            return (new(process, folder, group, command.Limits, gone => Release(folder, user, gone), logger), null);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or UnauthorizedAccessException)
        {
            Log.NotStarted(logger, exception);
            if (group is not null)
            {
                await group.RemoveAsync();
            }

            Release(folder, user, gone: true);
            return (null, "The sandbox could not be started; the log of its service says why.");
        }
    }

    private async Task<ProcessStartInfo> PrepareAsync(JailCommand command, string folder, int? user, ControlGroup? group)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder, JailFiles.Code), command.Code);
        if (command.Input is { } input)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, JailFiles.Input), input);
        }

        string[] files =
        [
            scratch.Value.Policy,
            Path.Combine(folder, JailFiles.Code),
            Path.Combine(folder, JailFiles.State),
            command.Input is null ? "" : Path.Combine(folder, JailFiles.Input),
            command.HasResult ? Path.Combine(folder, JailFiles.Result) : "",
        ];
        var line = Bubblewrap.CommandLine(command, programs, options.Value, user, group is not null);
        var info = new ProcessStartInfo(programs.Shell, ["-c", Script, "sh", .. files, .. group?.Doors ?? [], "--", .. line])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };

        // bubblewrap keeps the environment it is started with, and code can read it at /proc/1/environ.
        info.Environment.Clear();
        return info;
    }

    private void Release(string folder, int? user, bool gone)
    {
        // An id that processes still have must not be given to another run.
        if (gone)
        {
            users.Return(user);
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ControlGroups? FindGroups(ILogger logger)
    {
        var groups = ControlGroups.Find();
        Log.Bounded(logger, groups?.Kind ?? "address space and a watch, for no control group can be written");
        return groups;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Memory and processes of runs are bounded by {Means}")]
        public static partial void Bounded(ILogger logger, string means);

        [LoggerMessage(LogLevel.Error, "A sandbox could not be started")]
        public static partial void NotStarted(ILogger logger, Exception exception);
    }
}

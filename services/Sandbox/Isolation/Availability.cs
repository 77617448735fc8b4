using JanServer.ServiceDefaults.Errors;

namespace JanServer.Sandbox.Isolation;

/// <summary>Knows whether this machine can isolate at all, by having done it once. A machine that cannot is tried again now and then.</summary>
internal sealed partial class Availability(Jail jail, Programs programs, TimeProvider clock, ILogger<Availability> logger) : IDisposable
{
    private const int MaxExplanation = 4096;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    // What bubblewrap and setpriv say, and what helps.
    private static readonly (string Says, string Means)[] Explanations =
    [
        ("Unknown option", "bubblewrap is too old; 0.8 or later is needed."),
        ("No permissions to create new namespace", Namespaces),
        ("Creating new namespace failed", Namespaces),
        ("setting up uid map", Namespaces),
        ("No permissions to create a new namespace", Namespaces),
        ("Failed to make / slave", Namespaces),
        ("Can't mount proc", "/proc of this container is masked: run the container with --security-opt systempaths=unconfined."),
        ("seccomp", "The kernel has no seccomp filters (CONFIG_SECCOMP_FILTER)."),
        ("setresuid failed", "The service is root without the right to take other user ids: give it CAP_SETUID and CAP_SETGID, or run it as an ordinary user."),
        ("setgroups failed", "The service is root without the right to take other user ids: give it CAP_SETUID and CAP_SETGID, or run it as an ordinary user."),
    ];

    private const string Namespaces =
        "The kernel forbids user namespaces to this process. Debian: sysctl kernel.unprivileged_userns_clone=1; Ubuntu 24.04: "
        + "sysctl kernel.apparmor_restrict_unprivileged_userns=0; everywhere: user.max_user_namespaces must not be 0; in a container: "
        + "a seccomp profile that allows unshare and mount.";

    private readonly SemaphoreSlim _one = new(1);
    private bool _works;
    private string? _why;
    private long _tried;

    /// <summary>The error of everything that would run code: 503 <c>sandbox_unavailable</c>.</summary>
    public static ApiError Error(string why) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCodes.SandboxUnavailable, $"Code cannot be run: {why}");

    /// <summary>What bubblewrap's message means for who runs the service.</summary>
    public static string Explain(string message) =>
        Explanations.FirstOrDefault(explanation => message.Contains(explanation.Says, StringComparison.OrdinalIgnoreCase)).Means
        ?? $"The sandbox could not be set up: {message.Trim().Split('\n')[0]}";

    /// <summary>Why nothing can be run on this machine, or null when it can.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken ct)
    {
        if (_works)
        {
            return null;
        }

        await _one.WaitAsync(ct);
        try
        {
            if (!_works && (_why is null || clock.GetElapsedTime(_tried) >= Again))
            {
                _why = await TryAsync(ct);
                _tried = clock.GetTimestamp();
                _works = _why is null;
                Report();
            }

            return _why;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<string?> TryAsync(CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The sandbox needs Linux.";
        }

        var (started, whyNot) = await jail.StartAsync(new([programs.Shell, "-c", ":"], new(64, 5), ReadOnlyMemory<byte>.Empty));
        if (started is not { } process)
        {
            return whyNot;
        }

        await using (process)
        {
            process.Input.Close();
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(Deadline);
            try
            {
                var said = await Runs.CapturedText.ReadAsync(process.Error, MaxExplanation, deadline.Token);
                await process.WaitAsync(deadline.Token);
                return process is { WasIsolated: true, ExitCode: 0 } ? null : Explain(said.Text);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return "An empty program did not end within ten seconds.";
            }
        }
    }

    private void Report()
    {
        if (_why is { } why)
        {
            Log.Unavailable(logger, why);
        }
        else
        {
            Log.Available(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Code can be run: the machine isolates it")]
        public static partial void Available(ILogger logger);

        [LoggerMessage(LogLevel.Error, "Code cannot be run: {Why}")]
        public static partial void Unavailable(ILogger logger, string why);
    }
}

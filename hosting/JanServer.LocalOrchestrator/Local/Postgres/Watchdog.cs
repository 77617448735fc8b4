using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>
/// A small shell that waits for our end of a pipe to close and then stops the server: when we ask for it, and just the
/// same when this process is killed. It also removes what must not stay behind.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    // $1 server, $2 signal, the rest: directories to remove. Ctrl+C reaches the whole terminal group and must not end the watch.
    private const string Script = """
        trap '' INT HUP TERM
        read -r _
        kill -"$2" "$1" 2>/dev/null
        pid=$1
        shift 2
        i=0
        while kill -0 "$pid" 2>/dev/null && [ $i -lt 200 ]; do sleep 0.1; i=$((i+1)); done
        rm -rf -- "$@"
        """;

    private readonly Process _shell;

    private Watchdog(Process shell) => _shell = shell;

    public static Watchdog Start(int serverId, string signal, IEnumerable<string> remove, ServiceAccount account)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "janserver-postgres-watch", serverId.ToString(CultureInfo.InvariantCulture), signal, .. remove])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        account.Apply(start);
        var shell = new Process { StartInfo = start };
        shell.Start();
        return new Watchdog(shell);
    }

    /// <summary>Sends the signal.</summary>
    public void StopServer() => _shell.StandardInput.Close();

    /// <summary>Waits until what must not stay behind is gone.</summary>
    public Task WaitAsync(CancellationToken ct) => _shell.WaitForExitAsync(ct);

    public void Dispose() => _shell.Dispose();
}

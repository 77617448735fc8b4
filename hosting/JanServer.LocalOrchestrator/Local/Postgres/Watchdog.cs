using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>
/// A small shell at the other end of a pipe that stops the server: at once when we ask for it, and after a moment when the
/// pipe just closes because this process was killed. It also removes what must not stay behind.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    // $1 server, $2 signal, $3 seconds that the services of a killed run get to write their last rows, the rest: directories
    // to remove. Ctrl+C reaches the whole terminal group and must not end the watch.
    private const string Script = """
        trap '' INT HUP TERM
        read -r _ || sleep "$3"
        kill -"$2" "$1" 2>/dev/null
        pid=$1
        shift 3
        i=0
        while kill -0 "$pid" 2>/dev/null && [ $i -lt 200 ]; do sleep 0.1; i=$((i+1)); done
        rm -rf -- "$@"
        """;

    private readonly Process _shell;

    private Watchdog(Process shell) => _shell = shell;

    public static Watchdog Start(int serverId, string signal, int grace, IEnumerable<string> remove, ServiceAccount account)
    {
        string[] arguments =
        [
            "-c", Script, "janserver-postgres-watch",
            serverId.ToString(CultureInfo.InvariantCulture), signal, grace.ToString(CultureInfo.InvariantCulture), .. remove,
        ];
        var start = new ProcessStartInfo("/bin/sh", arguments)
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

    /// <summary>Sends the signal; false when the watch itself was killed.</summary>
    public async Task<bool> TryStopServerAsync()
    {
        try
        {
            await _shell.StandardInput.WriteLineAsync("stop");
            _shell.StandardInput.Close();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Ends the watch over a server that is gone: its process number may be someone else's by now.</summary>
    public void Cancel() => _shell.Kill();

    /// <summary>Waits until what must not stay behind is gone.</summary>
    public Task WaitAsync(CancellationToken ct) => _shell.WaitForExitAsync(ct);

    public void Dispose() => _shell.Dispose();
}

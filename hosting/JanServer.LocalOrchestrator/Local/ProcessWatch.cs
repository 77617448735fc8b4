using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Local;

/// <summary>
/// Ends our children when this process is gone, even by kill -9: a shell that reads which ones there are from a pipe, and
/// acts when the pipe closes. (The kernel's parent-death signal is bound to the thread that forked, and .NET's threads end.)
/// </summary>
internal sealed class ProcessWatch : IAsyncDisposable
{
    // Children lead process groups of their own, hence the minus. What started but was not announced yet is found by the mark
    // that it carries in its environment.
    private const string Script = """
        trap '' INT HUP TERM QUIT
        mark=$1
        pids=" "
        while read -r verb pid; do
          case $verb in
            add) pids="$pids$pid " ;;
            remove) pids=$(printf '%s' "$pids" | sed "s/ $pid / /") ;;
            end) exit 0 ;;
          esac
        done
        for p in $pids; do kill -TERM -- "-$p" 2>/dev/null || kill -TERM "$p" 2>/dev/null; done
        i=0
        while [ $i -lt 50 ]; do
          left=0
          for p in $pids; do kill -0 "$p" 2>/dev/null && left=1; done
          [ $left -eq 0 ] && break
          sleep 0.1
          i=$((i+1))
        done
        for p in $pids; do kill -KILL -- "-$p" 2>/dev/null || kill -KILL "$p" 2>/dev/null; done
        for f in $(grep -lz "^$mark\$" /proc/[0-9]*/environ 2>/dev/null); do
          p=${f#/proc/}; p=${p%/environ}
          [ "$p" = $$ ] || kill -KILL "$p" 2>/dev/null
        done
        """;

    private readonly Process _shell;
    private readonly Lock _lock = new();

    private ProcessWatch(Process shell, string mark)
    {
        _shell = shell;
        Mark = mark;
    }

    /// <summary>The value that <see cref="MarkVariable"/> has in the environment of every child of this run.</summary>
    public string Mark { get; }

    public const string MarkVariable = "LOCAL_ORCHESTRATOR_RUN";

    public static ProcessWatch Start()
    {
        var mark = Guid.CreateVersion7().ToString("N");
        var start = ChildProcess.OwnSession("/bin/sh", ["-c", Script, "orchestrator-watch", $"{MarkVariable}={mark}"]);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = "/";
        var shell = Process.Start(start) ?? throw new DistributedApplicationException("/bin/sh could not be started.");
        return new(shell, mark);
    }

    public void Add(int pid) => Tell("add", pid);

    public void Remove(int pid) => Tell("remove", pid);

    public async ValueTask DisposeAsync()
    {
        Tell("end", 0);
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private void Tell(string verb, int pid)
    {
        lock (_lock)
        {
            _shell.StandardInput.WriteLine(verb + " " + pid.ToString(CultureInfo.InvariantCulture));
            _shell.StandardInput.Flush();
        }
    }
}

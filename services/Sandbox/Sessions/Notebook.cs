using JanServer.Sandbox.Access;
using JanServer.Sandbox.Isolation;
using JanServer.Sandbox.Metering;
using JanServer.Sandbox.Runs;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Sessions;

/// <summary>Runs cells in an interpreter: a new one, or one that is kept.</summary>
internal sealed class Notebook(
    Jail jail,
    Languages languages,
    RunQueue queue,
    SessionStore sessions,
    IOptions<SandboxOptions> options,
    IOptions<SessionOptions> sessionOptions,
    SandboxMetrics metrics,
    TimeProvider clock)
{
    // Less than this is no time to begin a cell.
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(1);

    public Task<(RanCells? Ran, ApiError? Error)> RunAsync(CheckedCells cells, string owner, CancellationToken ct) =>
        string.IsNullOrEmpty(cells.SessionId) ? RunOnceAsync(cells, owner, ct) : RunInSessionAsync(cells, owner, cells.SessionId, ct);

    private async Task<(RanCells? Ran, ApiError? Error)> RunOnceAsync(CheckedCells cells, string owner, CancellationToken ct)
    {
        var (place, full) = await queue.EnterAsync(LimitOf(owner), ct);
        if (place is null)
        {
            return (null, full);
        }

        using var held = place;
        var (interpreter, error) = await StartAsync(Limits.For(options.Value, cells.MemoryMb, cells.Total));
        if (interpreter is null)
        {
            return (null, error);
        }

        await using (interpreter)
        {
            return (await RunAsync(cells, interpreter, ct), null);
        }
    }

    private async Task<(RanCells? Ran, ApiError? Error)> RunInSessionAsync(CheckedCells cells, string owner, string id, CancellationToken ct)
    {
        var limits = new Limits(cells.MemoryMb, sessionOptions.Value.CpuSeconds);
        var (turn, error) = await sessions.EnterAsync(owner, id, () => StartAsync(limits), ct);
        if (turn is null)
        {
            return (null, error);
        }

        RanCells? ran;
        bool kept;
        try
        {
            (ran, error) = await RunInPlaceAsync(cells, turn, ct);
        }
        finally
        {
            kept = await sessions.LeaveAsync(turn);
        }

        ran = ran is null ? null : ran with { SessionCreated = turn.Created };
        return (kept && ran is not null ? ran with { SessionId = turn.Session.Id, SessionExpiresIn = sessionOptions.Value.IdleSeconds } : ran, error);
    }

    /// <summary>The turn comes first and the place then: requests that wait for one session must not keep others from running.</summary>
    private async Task<(RanCells? Ran, ApiError? Error)> RunInPlaceAsync(CheckedCells cells, SessionTurn turn, CancellationToken ct)
    {
        var (place, full) = await queue.EnterAsync(LimitOf(turn.Session.Owner), ct);
        if (place is null)
        {
            if (turn.Created)
            {
                // Whoever asked is not told that it began, so it must not have.
                turn.Session.Interpreter!.Abandon();
            }

            return (null, full);
        }

        using (place)
        {
            return (await RunAsync(cells, turn.Session.Interpreter!, ct), null);
        }
    }

    /// <summary>Unknown callers are not one owner but many.</summary>
    private static string? LimitOf(string owner) => owner == SandboxAccess.Local ? null : owner;

    private Task<(Interpreter? Interpreter, ApiError? Error)> StartAsync(Limits limits) =>
        Interpreter.StartAsync(jail, languages.Python, limits, options.Value, metrics, clock);

    private async Task<RanCells> RunAsync(CheckedCells cells, Interpreter interpreter, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        List<CellResult> results = [];
        DriverAnswer? last = null;
        var message = "";
        var timedOut = false;
        for (var i = 0; i < cells.Cells.Count && message.Length == 0; i++)
        {
            var left = cells.Total - clock.GetElapsedTime(began);
            if (left < LeastTime)
            {
                (timedOut, message) = (true, $"The time for all cells was over after {i} of {cells.Cells.Count}.");
                break;
            }

            var outcome = await interpreter.RunAsync(CellOf(cells, i, left), ct);
            results.Add(outcome.ToResult());
            last = outcome.Answer;
            message = outcome.Lost ?? (outcome.TimedOut ? $"The time of cell {i + 1} was over." : "");
            timedOut |= outcome.TimedOut;
        }

        var driver = new CommandResult(
            timedOut ? CommandStatus.TimeLimitExceeded : CommandStatus.Finished,
            clock.GetElapsedTime(began).TotalSeconds,
            interpreter.IsDead ? null : 0,
            "",
            "");
        return new(
            message.Length == 0 ? RunStatus.Success : RunStatus.Failed,
            message,
            driver,
            results,
            last?.Files ?? new Dictionary<string, string>(),
            last?.Skipped is { Count: > 0 } skipped ? skipped : null);
    }

    /// <summary>Files come in before the first cell and go out after the last.</summary>
    private static Cell CellOf(CheckedCells cells, int i, TimeSpan left) => new(
        cells.Cells[i],
        cells.Each is { } each && each < left ? each : left,
        i == 0 ? cells.Files : new Dictionary<string, byte[]>(),
        i == cells.Cells.Count - 1 ? cells.Fetch : [],
        i == 0,
        cells.TakesNew && i == cells.Cells.Count - 1);
}

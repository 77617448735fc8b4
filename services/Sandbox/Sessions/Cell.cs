using JanServer.Sandbox.Runs;

namespace JanServer.Sandbox.Sessions;

/// <summary>A cell to run.</summary>
/// <param name="Code">Python.</param>
/// <param name="Time">How long it may take.</param>
/// <param name="Files">Files to write first, by absolute path.</param>
/// <param name="Fetch">Files to give back.</param>
/// <param name="Begins">Whether it is the first of its request: what is written from here on is new.</param>
/// <param name="TakesNew">Whether to give back what is new or changed.</param>
internal sealed record Cell(
    string Code, TimeSpan Time, IReadOnlyDictionary<string, byte[]> Files, IReadOnlyList<string> Fetch, bool Begins, bool TakesNew);

/// <summary>What became of a cell.</summary>
/// <param name="Stdout">What it printed.</param>
/// <param name="Stderr">What it printed as errors.</param>
/// <param name="Answer">What the interpreter says about it; null when it is lost.</param>
/// <param name="Lost">Why the interpreter is lost, if it is.</param>
/// <param name="TimedOut">Whether the cell's time was over.</param>
internal sealed record CellOutcome(CapturedText Stdout, CapturedText Stderr, DriverAnswer? Answer, string? Lost, bool TimedOut)
{
    /// <summary>As the client sees it.</summary>
    public CellResult ToResult() => new(
        Stdout.Text,
        Stderr.Text,
        Answer?.Display ?? [],
        Lost is not null ? [new(TimedOut ? "TimeoutError" : "InterpreterLost", Lost, [])]
            : Answer?.Error is { } error ? [new(error.Ename ?? "", error.Evalue ?? "", error.Traceback ?? [])]
            : [],
        Stdout.Truncated,
        Stderr.Truncated);
}

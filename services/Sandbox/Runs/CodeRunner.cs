using JanServer.Sandbox.Isolation;
using JanServer.Sandbox.Metering;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Runs;

/// <summary>Runs one program to its end, or to the end of its time.</summary>
internal sealed class CodeRunner(Jail jail, Programs programs, IOptions<SandboxOptions> options, SandboxMetrics metrics, TimeProvider clock)
{
    // What is killed has closed its streams soon after.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>Runs it.</summary>
    /// <returns>What became of it, or why it could not be begun.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any longer; the program is gone.</exception>
    public async Task<(RanCode? Ran, ApiError? Error)> RunAsync(CheckedRun run, CancellationToken ct)
    {
        var (started, whyNot) = await jail.StartAsync(CommandOf(run));
        if (started is not { } process)
        {
            return (null, Availability.Error(whyNot!));
        }

        await using (process)
        {
            var began = clock.GetTimestamp();
            using var lastWords = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var limit = options.Value.OutputKb << 10;
            var output = CapturedText.ReadAsync(process.Output, limit, lastWords.Token);
            var problems = CapturedText.ReadAsync(process.Error, limit, lastWords.Token);
            var fed = FeedAsync(process.Input, run.Stdin, lastWords.Token);

            var ended = await EndedAsync(process, run.Time, ct);
            var duration = clock.GetElapsedTime(began);
            lastWords.CancelAfter(LastWords);
            var (stdout, stderr) = (await output, await problems);
            await fed;

            var ran = await ResultAsync(run, process, ended, duration, stdout, stderr, ct);
            metrics.Ran(run.Language.Name, OutcomeOf(ran, process), duration);
            return (ran, null);
        }
    }

    private JailCommand CommandOf(CheckedRun run)
    {
        var command = new JailCommand([], Limits.For(options.Value, run.MemoryMb, run.Time), run.Code) { CodeName = run.Language.File };
        string[] program = [.. run.Language.Interpreter!, command.CodePath];
        if (run.Files.Count == 0 && !run.Selection.WantsAny)
        {
            return command with { Program = program };
        }

        var (takes, gives) = (run.Files.Count > 0 ? "1" : "", run.Selection.WantsAny ? "1" : "");
        return command with
        {
            Program = [programs.Shell, "-c", FileArchive.Script, "sh", programs.Tar!, takes, gives, .. program],
            Input = run.Files.Count > 0 ? FileArchive.Pack(run.Files) : null,
            HasResult = run.Selection.WantsAny,
        };
    }

    /// <summary>Whether the program ended before its time was over.</summary>
    private static async Task<bool> EndedAsync(JailedProcess process, TimeSpan time, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(time);
        try
        {
            await process.WaitAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            ct.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static async Task FeedAsync(Stream input, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await input.WriteAsync(bytes, ct);
            await input.FlushAsync(ct);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // A program need not read what it is given.
            return;
        }
        finally
        {
            await CloseAsync(input);
        }
    }

    private static async Task CloseAsync(Stream input)
    {
        try
        {
            await input.DisposeAsync();
        }
        catch (IOException)
        {
            // What was still to be written has no reader.
            return;
        }
    }

    private static async Task<RanCode> ResultAsync(
        CheckedRun run, JailedProcess process, bool ended, TimeSpan duration, CapturedText stdout, CapturedText stderr, CancellationToken ct)
    {
        var outOfMemory = process.OutOfMemory;
        var timedOut = !ended && !outOfMemory;
        if (ended && !outOfMemory && !process.WasIsolated)
        {
            var failed = new CommandResult(CommandStatus.Error, null, null, null, null);
            return new(RunStatus.SandboxError, Availability.Explain(stderr.Text), failed, run.Selection.Files);
        }

        if (ended && run.Selection.WantsAny)
        {
            await using var archive = process.OpenResult();
            await FileArchive.UnpackAsync(archive, run.Selection, ct);
        }

        var result = new CommandResult(
            timedOut ? CommandStatus.TimeLimitExceeded : CommandStatus.Finished,
            duration.TotalSeconds,
            ended ? process.ExitCode : null,
            stdout.Text,
            stderr.Text,
            stdout.Truncated,
            stderr.Truncated);
        return new(
            ended && process.ExitCode == 0 ? RunStatus.Success : RunStatus.Failed,
            MessageOf(run, timedOut, outOfMemory, process),
            result,
            run.Selection.Files,
            run.Selection.Skipped());
    }

    private static string MessageOf(CheckedRun run, bool timedOut, bool outOfMemory, JailedProcess process) => true switch
    {
        _ when outOfMemory => $"The program was killed: it needed more than the {run.MemoryMb} MB of memory that it may use.",
        _ when timedOut => string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"The program was ended: it took longer than {run.Time.TotalSeconds} seconds."),
        _ when process.ExitCode is KilledCode or CpuLimitCode => "The program was killed: it used up its processor time or its memory.",
        _ => "",
    };

    private const int KilledCode = 128 + 9;
    private const int CpuLimitCode = 128 + 24;

    private static string OutcomeOf(RanCode ran, JailedProcess process) => ran switch
    {
        { Status: RunStatus.Success } => "success",
        { Status: RunStatus.SandboxError } => "sandbox_error",
        _ when process.OutOfMemory => "out_of_memory",
        { RunResult.Status: CommandStatus.TimeLimitExceeded } => "timeout",
        _ => "failed",
    };
}

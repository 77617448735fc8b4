using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanServer.Sandbox.Isolation;
using JanServer.Sandbox.Metering;
using JanServer.Sandbox.Runs;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Sandbox.Sessions;

/// <summary>One Python process in a sandbox that runs cells and keeps its variables. One cell at a time.</summary>
internal sealed class Interpreter : IAsyncDisposable
{
    // How long after a cell's time the interpreter may take to obey before it is killed.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly byte[] Driver = ReadDriver();

    private readonly JailedProcess _process;
    private readonly SandboxOptions _options;
    private readonly SandboxMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly int _memoryMb;
    private readonly MarkedStream _output;
    private readonly MarkedStream _error;

    private Interpreter(JailedProcess process, SandboxOptions options, SandboxMetrics metrics, TimeProvider clock, int memoryMb)
    {
        _process = process;
        _options = options;
        _metrics = metrics;
        _clock = clock;
        _memoryMb = memoryMb;
        _output = new(process.Output);
        _error = new(process.Error);
    }

    /// <summary>Whether it can run no more cells.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Starts one.</summary>
    public static async Task<(Interpreter? Interpreter, ApiError? Error)> StartAsync(
        Jail jail, Language python, Limits limits, SandboxOptions options, SandboxMetrics metrics, TimeProvider clock)
    {
        if (python.Interpreter is null)
        {
            return (null, Availability.Error(python.Install));
        }

        var command = new JailCommand([], limits, Driver) { CodeName = "driver.py", HasResult = true };
        var (process, whyNot) = await jail.StartAsync(command with { Program = [.. python.Interpreter, "-u", command.CodePath] });
        return process is null ? (null, Availability.Error(whyNot!)) : (new(process, options, metrics, clock, limits.MemoryMb), null);
    }

    /// <summary>Runs a cell.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any longer; the interpreter is dead then.</exception>
    public async Task<CellOutcome> RunAsync(Cell cell, CancellationToken ct)
    {
        var token = $"\u0001{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}\u0001";
        var began = _clock.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(cell.Time + Grace);
        try
        {
            await SendAsync(CommandOf(cell, token), deadline.Token);
            var mark = Encoding.ASCII.GetBytes(token);
            var limit = _options.OutputKb << 10;
            var both = await Task.WhenAll(_output.ReadAsync(mark, limit, deadline.Token), _error.ReadAsync(mark, limit, deadline.Token));
            var answer = both[0].Complete && both[1].Complete ? await AnswerAsync(token, deadline.Token) : null;
            var outcome = answer is null
                ? Dead(both[0].Text, both[1].Text, both[0].Complete ? "it answered what cannot be read" : "it ended")
                : new CellOutcome(both[0].Text, both[1].Text, answer, null, answer.Error?.Timeout == true);
            Count(outcome, began);
            return outcome;
        }
        catch (OperationCanceledException)
        {
            Abandon();
            ct.ThrowIfCancellationRequested();
            var outcome = Dead(CapturedText.Empty, CapturedText.Empty, "its cell went on after its time was over") with { TimedOut = true };
            Count(outcome, began);
            return outcome;
        }
        catch (IOException)
        {
            // The pipe to it is broken.
            return Dead(CapturedText.Empty, CapturedText.Empty, "it ended");
        }
    }

    /// <summary>Kills it: nobody knows of it.</summary>
    public void Abandon()
    {
        IsDead = true;
        _process.Kill();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private DriverCommand CommandOf(Cell cell, string token) => new(
        token,
        cell.Code,
        cell.Time.TotalSeconds,
        cell.Files.ToDictionary(file => file.Key, file => Convert.ToBase64String(file.Value), StringComparer.Ordinal),
        cell.Fetch.DistinctBy(WorkPath.Resolve).ToDictionary(path => WorkPath.Resolve(path)!, path => path, StringComparer.Ordinal),
        cell.Begins,
        cell.TakesNew,
        _options.MaxFiles,
        (long)_options.MaxFilesMb << 20);

    private async Task SendAsync(DriverCommand command, CancellationToken ct)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(command, DriverJson.Default.DriverCommand), (byte)'\n'];
        await _process.Input.WriteAsync(line, ct);
        await _process.Input.FlushAsync(ct);
    }

    /// <summary>The answer, or null when what is in the file is none. The kernel bounds its size as that of every file.</summary>
    private async Task<DriverAnswer?> AnswerAsync(string token, CancellationToken ct)
    {
        await using var file = _process.OpenResult();
        try
        {
            var answer = await JsonSerializer.DeserializeAsync(file, DriverJson.Default.DriverAnswer, ct);
            return answer?.Token == token ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private CellOutcome Dead(CapturedText stdout, CapturedText stderr, string why)
    {
        Abandon();
        var reason = _process.OutOfMemory ? $"it needed more than the {_memoryMb} MB of memory that it may use" : why;
        return new(stdout, stderr, null, $"The interpreter was lost, with its variables and files: {reason}.", false);
    }

    private void Count(CellOutcome outcome, long began)
    {
        var result = outcome switch
        {
            { TimedOut: true } => "timeout",
            { Lost: not null } => _process.OutOfMemory ? "out_of_memory" : "failed",
            { Answer.Error: not null } => "failed",
            _ => "success",
        };
        _metrics.Ran("python_cell", result, _clock.GetElapsedTime(began));
    }

    private static byte[] ReadDriver()
    {
        using var stream = typeof(Interpreter).Assembly.GetManifestResourceStream("driver.py")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

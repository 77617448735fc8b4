using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Python;

/// <summary>Makes the tool's result of what the sandbox answered.</summary>
internal sealed class PythonResults(Artifacts artifacts, IOptions<PythonOptions> options)
{
    private const string NoSessions =
        "This sandbox keeps no sessions: variables and files of this call are gone. Send everything that the next call needs with it.";

    public async Task<PythonResult> MakeAsync(PythonCall call, SandboxAnswer answer, CancellationToken ct)
    {
        var ran = call.SessionId is null ? OfProgram(call, answer) : OfCell(call, answer);
        var files = (answer.Files ?? new Dictionary<string, string?>()).Concat(Pictures(answer));
        var (made, left) = await artifacts.MakeAsync(files, answer.SkippedFiles, ct);
        return ran with { Artifacts = made, LeftOut = left };
    }

    private PythonResult OfProgram(PythonCall call, SandboxAnswer answer)
    {
        var command = answer.RunResult;
        var isOver = command?.Status is "TimeLimitExceeded";
        return Output(call, command?.Stdout, command?.Stderr, command?.StdoutTruncated, command?.StderrTruncated) with
        {
            ReturnCode = command?.ReturnCode,
            DurationMs = Milliseconds(command),
            Error = answer.Status is "Success" ? null
                : answer.Message is { Length: > 0 } message ? message
                : isOver ? string.Create(CultureInfo.InvariantCulture, $"The program was ended: it took longer than {call.Seconds} seconds.")
                : $"The program ended with return code {command?.ReturnCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}.",
        };
    }

    private PythonResult OfCell(PythonCall call, SandboxAnswer answer)
    {
        var cell = answer.Cells is [var only, ..] ? only : null;
        var error = cell?.Error is [var first, ..] ? first : null;
        var stderr = error is null ? cell?.Stderr : $"{cell?.Stderr}{string.Join('\n', error.Traceback ?? [])}";
        var keeps = answer.SessionCreated is not null;
        return Output(call, cell?.Stdout, stderr, cell?.StdoutTruncated, cell?.StderrTruncated) with
        {
            Result = Shown(cell) is { Length: > 0 } shown ? OutputText.Shorten(shown, options.Value.MaxOutputChars).Text : null,
            ReturnCode = answer.Driver?.Status is "TimeLimitExceeded" ? null : error is null && answer.Status is "Success" ? 0 : 1,
            DurationMs = Milliseconds(answer.Driver),
            SessionId = answer.SessionId,
            SessionCreated = answer.SessionCreated,
            Error = answer.Message is { Length: > 0 } message ? message
                : error is not null ? $"{error.Ename}: {error.Evalue}"
                : answer.Status is "Success" ? null
                : "The program did not end well.",
            Note = keeps ? null : NoSessions,
        };
    }

    private PythonResult Output(PythonCall call, string? stdout, string? stderr, bool? stdoutCut, bool? stderrCut)
    {
        var (shownOut, outShortened) = OutputText.Shorten(stdout ?? "", options.Value.MaxOutputChars);
        var (shownErr, errShortened) = OutputText.Shorten(stderr ?? "", options.Value.MaxOutputChars);
        return new()
        {
            Language = call.Language is "nodejs" ? "javascript" : call.Language,
            Stdout = shownOut,
            Stderr = shownErr,
            StdoutTruncated = outShortened || stdoutCut == true,
            StderrTruncated = errShortened || stderrCut == true,
        };
    }

    private static long Milliseconds(SandboxCommand? command) => (long)Math.Round((command?.ExecutionTime ?? 0) * 1000);

    private static string Shown(SandboxCell? cell) => string.Join(
        '\n', Data(cell).Where(data => !data.TryGetProperty("image/png", out _)).Select(data => Text(data, "text/plain")).OfType<string>());

    /// <summary>What was displayed as a picture, which is a figure that no file holds.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Pictures(SandboxAnswer answer) => (answer.Cells ?? [])
        .SelectMany(Data)
        .Select(data => Text(data, "image/png"))
        .OfType<string>()
        .Select((png, index) => KeyValuePair.Create($"figure-{index + 1}.png", (string?)png.ReplaceLineEndings("")));

    private static IEnumerable<JsonElement> Data(SandboxCell? cell)
    {
        foreach (var shown in cell?.Display ?? [])
        {
            if (shown.ValueKind is not JsonValueKind.Object)
            {
                continue;
            }

            // SandboxFusion gives the data alone, ours as Jupyter's messages have it.
            yield return shown.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Object ? data : shown;
        }
    }

    private static string? Text(JsonElement data, string kind) =>
        data.TryGetProperty(kind, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.McpTools.Python;

/// <summary>SandboxFusion's <c>POST /run_code</c>, with our sandbox's extension.</summary>
internal sealed record SandboxProgram(
    string Code,
    string Language,
    double RunTimeout,
    string? Stdin,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<string> FetchFiles,
    bool FetchNewFiles);

/// <summary>SandboxFusion's <c>POST /run_jupyter</c>, with our sandbox's extensions.</summary>
internal sealed record SandboxCells(
    IReadOnlyList<string> Cells,
    double TotalTimeout,
    string Kernel,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<string> FetchFiles,
    bool FetchNewFiles,
    string SessionId);

/// <summary>The answer to either, as far as it is read. It holds what untrusted code made.</summary>
internal sealed record SandboxAnswer(
    string? Status,
    string? Message,
    SandboxCommand? RunResult,
    SandboxCommand? Driver,
    IReadOnlyList<SandboxCell?>? Cells,
    IReadOnlyDictionary<string, string?>? Files,
    IReadOnlyList<SandboxSkipped?>? SkippedFiles,
    string? SessionId,
    bool? SessionCreated);

internal sealed record SandboxCommand(
    string? Status, double? ExecutionTime, int? ReturnCode, string? Stdout, string? Stderr, bool StdoutTruncated = false, bool StderrTruncated = false);

internal sealed record SandboxCell(
    string? Stdout,
    string? Stderr,
    IReadOnlyList<JsonElement>? Display,
    IReadOnlyList<SandboxCellError?>? Error,
    bool StdoutTruncated = false,
    bool StderrTruncated = false);

internal sealed record SandboxCellError(string? Ename, string? Evalue, IReadOnlyList<string>? Traceback);

internal sealed record SandboxSkipped(string? Path, long? Bytes, string? Reason);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SandboxProgram))]
[JsonSerializable(typeof(SandboxCells))]
[JsonSerializable(typeof(SandboxAnswer))]
internal sealed partial class SandboxJson : JsonSerializerContext;

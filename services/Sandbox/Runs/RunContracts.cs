using System.Text.Json.Serialization;

namespace JanServer.Sandbox.Runs;

/// <summary>Runs a program. <c>POST /run_code</c> of SandboxFusion.</summary>
/// <param name="Code">The program.</param>
/// <param name="Language"><c>python</c>, <c>bash</c> or <c>javascript</c>; aliases are taken.</param>
/// <param name="RunTimeout">Seconds, 10 unless told; at most <c>Sandbox:MaxRunSeconds</c>.</param>
/// <param name="CompileTimeout">Taken and not used: no language here is compiled.</param>
/// <param name="MemoryLimitMB">Memory in MiB; 0 or less for the default.</param>
/// <param name="Stdin">What the program reads from its standard input.</param>
/// <param name="Files">Files to put into the working folder first: path to content in Base64.</param>
/// <param name="FetchFiles">Files to give back afterwards, below the working folder or <c>/tmp</c>.</param>
/// <param name="FetchNewFiles">An extension: gives back every file of the working folder that is new or changed.</param>
public sealed record RunCode(
    string? Code,
    string? Language,
    double? RunTimeout = null,
    double? CompileTimeout = null,
    [property: JsonPropertyName("memory_limit_MB")] int? MemoryLimitMB = null,
    string? Stdin = null,
    IReadOnlyDictionary<string, string?>? Files = null,
    IReadOnlyList<string>? FetchFiles = null,
    bool FetchNewFiles = false)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Language}";
}

/// <summary>What became of a program.</summary>
/// <param name="Status">One of <see cref="RunStatus"/>.</param>
/// <param name="Message">Why, where the status alone does not say it.</param>
/// <param name="RunResult">What the program did.</param>
/// <param name="Files">The files given back: path to content in Base64.</param>
/// <param name="SkippedFiles">An extension: files that were asked for and are not given back.</param>
public sealed record RanCode(
    string Status,
    string Message,
    CommandResult? RunResult,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<SkippedFile>? SkippedFiles = null)
{
    /// <summary>Always null: no language here is compiled.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public CommandResult? CompileResult => null;

    /// <summary>Always null: there are no pods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ExecutorPodName => null;

    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => Status;
}

/// <summary>What a program did.</summary>
/// <param name="Status">One of <see cref="CommandStatus"/>.</param>
/// <param name="ExecutionTime">Seconds.</param>
/// <param name="ReturnCode">The exit code, 128 and the signal when one ended it; null when its time was over.</param>
/// <param name="Stdout">What it printed; cut, with a notice, where it is too long.</param>
/// <param name="Stderr">What it printed as errors; cut likewise.</param>
/// <param name="StdoutTruncated">An extension: whether <paramref name="Stdout"/> is cut.</param>
/// <param name="StderrTruncated">An extension: whether <paramref name="Stderr"/> is cut.</param>
public sealed record CommandResult(
    string Status,
    double? ExecutionTime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? ReturnCode,
    string? Stdout,
    string? Stderr,
    bool StdoutTruncated = false,
    bool StderrTruncated = false)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Status} {ReturnCode}";
}

/// <summary>A file that is not given back.</summary>
/// <param name="Path">As it was asked for.</param>
/// <param name="Bytes">Its size, if it exists.</param>
/// <param name="Reason"><c>not_found</c>, <c>too_large</c> or <c>too_many</c>.</param>
public sealed record SkippedFile(string Path, long? Bytes, string Reason);

/// <summary>SandboxFusion's words for how a request ended.</summary>
public static class RunStatus
{
    /// <summary>The program ended by itself with code 0.</summary>
    public const string Success = "Success";

    /// <summary>It ended with another code, or its time was over.</summary>
    public const string Failed = "Failed";

    /// <summary>The sandbox failed, not the program.</summary>
    public const string SandboxError = "SandboxError";
}

/// <summary>SandboxFusion's words for how a program ended.</summary>
public static class CommandStatus
{
    /// <summary>It ended.</summary>
    public const string Finished = "Finished";

    /// <summary>It could not be begun.</summary>
    public const string Error = "Error";

    /// <summary>Its time was over.</summary>
    public const string TimeLimitExceeded = "TimeLimitExceeded";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunCode))]
[JsonSerializable(typeof(RanCode))]
internal sealed partial class RunJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.Sandbox.Runs;

namespace JanServer.Sandbox.Sessions;

/// <summary>Runs cells of Python one after the other in one interpreter. <c>POST /run_jupyter</c> of SandboxFusion.</summary>
/// <param name="Cells">The cells; one that fails does not keep the next from being run.</param>
/// <param name="CellTimeout">Seconds for each cell; 0 or less for no limit but the total.</param>
/// <param name="TotalTimeout">Seconds for all cells, 45 unless told; at most <c>Sandbox:MaxRunSeconds</c>.</param>
/// <param name="Kernel"><c>python3</c>.</param>
/// <param name="MemoryLimitMB">Memory in MiB; 0 or less for the default. Of no effect in a session that exists.</param>
/// <param name="Files">Files to put into the working folder first: path to content in Base64.</param>
/// <param name="FetchFiles">Files to give back after the last cell.</param>
/// <param name="FetchNewFiles">An extension: gives back every file of the working folder that is new or changed.</param>
/// <param name="SessionId">
/// An extension: <c>new</c> keeps the interpreter and its files, and the answer says under which id; that id goes on with it. A name of
/// the client's own (1 to 64 letters, digits, <c>_</c>, <c>-</c>) goes on with the session of that name, or begins it. Without any, the
/// interpreter ends with the request.
/// </param>
public sealed record RunCells(
    IReadOnlyList<string?>? Cells,
    double? CellTimeout = null,
    double? TotalTimeout = null,
    string? Kernel = null,
    [property: JsonPropertyName("memory_limit_MB")] int? MemoryLimitMB = null,
    IReadOnlyDictionary<string, string?>? Files = null,
    IReadOnlyList<string>? FetchFiles = null,
    bool FetchNewFiles = false,
    string? SessionId = null)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => $"{Cells?.Count} cells";
}

/// <summary>What became of the cells.</summary>
/// <param name="Status"><c>Success</c> when all were run, whether they failed or not; else <c>Failed</c>.</param>
/// <param name="Message">Why not all were run.</param>
/// <param name="Driver">How the interpreter is.</param>
/// <param name="Cells">The cells that were run.</param>
/// <param name="Files">The files given back: path to content in Base64.</param>
/// <param name="SkippedFiles">An extension: files that were asked for and are not given back.</param>
/// <param name="SessionId">An extension: the session that was begun or gone on with, and still is there.</param>
/// <param name="SessionExpiresIn">An extension: seconds without use after which it ends.</param>
/// <param name="SessionCreated">An extension: whether the session began with this request, so that nothing of earlier ones is there.</param>
public sealed record RanCells(
    string Status,
    string Message,
    CommandResult Driver,
    IReadOnlyList<CellResult> Cells,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyList<SkippedFile>? SkippedFiles = null,
    string? SessionId = null,
    int? SessionExpiresIn = null,
    bool? SessionCreated = null)
{
    /// <summary>Always null: there are no pods.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ExecutorPodName => null;

    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => Status;
}

/// <summary>What one cell did.</summary>
/// <param name="Stdout">What it printed; cut, with a notice, where it is too long.</param>
/// <param name="Stderr">What it printed as errors; cut likewise.</param>
/// <param name="Display">What it displayed, as Jupyter writes it: <c>{"data": {"text/plain": …}, "metadata": {}}</c>.</param>
/// <param name="Error">The exception that ended it, as Jupyter writes it: <c>ename</c>, <c>evalue</c>, <c>traceback</c>; else empty.</param>
/// <param name="StdoutTruncated">An extension: whether <paramref name="Stdout"/> is cut.</param>
/// <param name="StderrTruncated">An extension: whether <paramref name="Stderr"/> is cut.</param>
public sealed record CellResult(
    string Stdout,
    string Stderr,
    IReadOnlyList<JsonElement> Display,
    IReadOnlyList<CellError> Error,
    bool StdoutTruncated = false,
    bool StderrTruncated = false)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => Error.Count > 0 ? "error" : "ok";
}

/// <summary>The exception that ended a cell.</summary>
/// <param name="Ename">Its type.</param>
/// <param name="Evalue">Its message.</param>
/// <param name="Traceback">Where it came from, line by line.</param>
public sealed record CellError(string Ename, string Evalue, IReadOnlyList<string> Traceback)
{
    /// <summary>The text that log lines may show.</summary>
    public override string ToString() => "error";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunCells))]
[JsonSerializable(typeof(RanCells))]
internal sealed partial class NotebookJson : JsonSerializerContext;

using System.Text;
using JanServer.Sandbox.Isolation;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Runs;

/// <summary>Reads requests. What they say that cannot be is 422, as in SandboxFusion.</summary>
internal sealed class RunRequests(Languages languages, Programs programs, IOptions<SandboxOptions> options)
{
    private const double DefaultSeconds = 10;

    public (CheckedRun? Run, ApiError? Error) Check(RunCode request)
    {
        if (request.Code is null)
        {
            return (null, Missing("code"));
        }

        if (string.IsNullOrWhiteSpace(request.Language))
        {
            return (null, Missing("language"));
        }

        var (memory, noMemory) = Memory(request.MemoryLimitMB);
        var (time, noTime) = Seconds("run_timeout", request.RunTimeout ?? DefaultSeconds);
        if ((noMemory ?? noTime) is { } wrong)
        {
            return (null, wrong);
        }

        if (languages.Find(request.Language, memory) is not { } language)
        {
            return (null, WorkPath.Invalid("language", $"The languages are {Languages.Known}."));
        }

        if (language.Interpreter is null)
        {
            return (null, Availability.Error(language.Install));
        }

        var (files, selection, badFiles) = Files(request.Files, request.FetchFiles, request.FetchNewFiles);
        if (badFiles is not null)
        {
            return (null, badFiles);
        }

        return programs.Tar is null && (files.Count > 0 || selection!.WantsAny)
            ? (null, Availability.Error("tar is not installed, by which files come in and out (apt-get install tar)."))
            : (new(language, Encoding.UTF8.GetBytes(request.Code), Encoding.UTF8.GetBytes(request.Stdin ?? ""), time, memory, files, selection!), null);
    }

    /// <summary>How much memory a run gets, in MiB.</summary>
    public (int MemoryMb, ApiError? Error) Memory(int? asked) => asked switch
    {
        null or <= 0 => (options.Value.MemoryMb, null),
        _ when asked > options.Value.MaxMemoryMb => (0, WorkPath.Invalid("memory_limit_MB", $"At most {options.Value.MaxMemoryMb} MB can be had.")),
        _ => (Math.Max(asked.Value, 16), null),
    };

    /// <summary>How long a run may take.</summary>
    public (TimeSpan Time, ApiError? Error) Seconds(string param, double seconds) =>
        seconds > 0 && seconds <= options.Value.MaxRunSeconds
            ? (TimeSpan.FromSeconds(seconds), null)
            : (default, WorkPath.Invalid(param, $"This must be more than 0 and at most {options.Value.MaxRunSeconds} seconds."));

    /// <summary>The files that come in, and the choice of those that go out.</summary>
    public (IReadOnlyDictionary<string, byte[]> Files, FileSelection? Selection, ApiError? Error) Files(
        IReadOnlyDictionary<string, string?>? given, IReadOnlyList<string>? asked, bool takesNew)
    {
        var (files, error) = WorkPath.Decode(given, (long)options.Value.DiskMb << 20);
        if (error is null && asked?.Any(path => WorkPath.Resolve(path ?? "") is null) == true)
        {
            error = WorkPath.Invalid("fetch_files", "Each must be a file's path below the working folder.");
        }

        return error is null ? (files, new(asked ?? [], files, takesNew, options.Value), null) : (files, null, error);
    }

    public static ApiError Missing(string param) => new(
        StatusCodes.Status422UnprocessableEntity, ErrorCodes.MissingRequiredParameter, $"Missing required parameter: '{param}'.", param);
}

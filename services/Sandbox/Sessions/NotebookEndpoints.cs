using JanServer.Sandbox.Access;
using JanServer.Sandbox.Isolation;
using JanServer.Sandbox.Runs;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Shutdown;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Sessions;

internal static class NotebookEndpoints
{
    private const string Kernel = "python3";
    private const double DefaultSeconds = 45;
    private const int MaxCells = 100;
    private const int MaxSessionId = 64;

    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>();
        services.AddOptions<SessionOptions>().BindConfiguration("Sandbox:Sessions").ValidateOnStart();
        services.AddSingleton<SessionStore>().AddSingleton<Notebook>().AddHostedService<SessionSweep>();
        return services;
    }

    public static void MapNotebooks(this IEndpointRouteBuilder routes) => routes.MapPost("/run_jupyter", RunAsync)
        .WithName("runJupyter")
        .WithSummary("Runs cells of Python in one interpreter, which a session keeps.");

    private static async Task<Results<Ok<RanCells>, ApiError>> RunAsync(
        RunCells request,
        Caller? caller,
        RunRequests requests,
        IOptions<SandboxOptions> options,
        Availability availability,
        Notebook notebook,
        DrainDeadline drain,
        CancellationToken ct)
    {
        var (cells, bad) = Check(request, requests, options.Value);
        if (cells is null)
        {
            return bad!;
        }

        if (await availability.WhyNotAsync(ct) is { } why)
        {
            return Availability.Error(why);
        }

        // A client that leaves, or a service that must end, ends the cells.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, drain.Token);
        try
        {
            var (ran, error) = await notebook.RunAsync(cells, SandboxAccess.OwnerOf(caller), either.Token);
            return ran is null ? error! : TypedResults.Ok(ran);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ApiError.Unavailable("The sandbox is being stopped; the cells were ended.", TimeSpan.FromSeconds(5));
        }
    }

    private static (CheckedCells? Cells, ApiError? Error) Check(RunCells request, RunRequests requests, SandboxOptions options)
    {
        if (request.Cells is null)
        {
            return (null, RunRequests.Missing("cells"));
        }

        if (request.Cells.Count > MaxCells || request.Cells.Contains(null))
        {
            return (null, WorkPath.Invalid("cells", $"At most {MaxCells} cells are taken, each a text."));
        }

        if (request.Kernel is not (null or Kernel))
        {
            return (null, WorkPath.Invalid("kernel", $"The kernel is {Kernel}."));
        }

        if (request.SessionId is { Length: > 0 } id && (id.Length > MaxSessionId || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')))
        {
            return (null, WorkPath.Invalid("session_id", $"This must be 'new' or 1 to {MaxSessionId} letters, digits, '_' or '-'."));
        }

        var (memory, noMemory) = requests.Memory(request.MemoryLimitMB);
        var (total, noTotal) = requests.Seconds("total_timeout", request.TotalTimeout ?? Math.Min(DefaultSeconds, options.MaxRunSeconds));
        var (each, noEach) = request.CellTimeout is > 0 and var seconds ? requests.Seconds("cell_timeout", seconds) : (total, null);
        var (files, _, noFiles) = requests.Files(request.Files, request.FetchFiles, request.FetchNewFiles);
        return (noMemory ?? noTotal ?? noEach ?? noFiles) is { } error
            ? (null, error)
            : (new([.. request.Cells!], total, each, memory, files, request.FetchFiles ?? [], request.FetchNewFiles, request.SessionId), null);
    }
}

using JanServer.Sandbox.Access;
using JanServer.Sandbox.Isolation;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Shutdown;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Sandbox.Runs;

internal static class RunEndpoints
{
    public static IServiceCollection AddRuns(this IServiceCollection services) =>
        services.AddSingleton<Languages>().AddSingleton<RunRequests>().AddSingleton<RunQueue>().AddSingleton<CodeRunner>();

    public static void MapRuns(this IEndpointRouteBuilder routes) => routes.MapPost("/run_code", RunAsync)
        .WithName("runCode")
        .WithSummary("Runs a program in a sandbox of its own.");

    /// <summary>SandboxFusion's liveness route.</summary>
    public static void MapPing(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/ping", static () => TypedResults.Text("\"pong\"", "application/json"))
        .AllowAnonymous()
        .WithTags("Sandbox")
        .WithName("ping")
        .WithSummary("Says that the service answers.");

    private static async Task<Results<Ok<RanCode>, ApiError>> RunAsync(
        RunCode request,
        Caller? caller,
        RunRequests requests,
        Availability availability,
        RunQueue queue,
        CodeRunner runner,
        DrainDeadline drain,
        CancellationToken ct)
    {
        var (run, bad) = requests.Check(request);
        if (run is null)
        {
            return bad!;
        }

        if (await availability.WhyNotAsync(ct) is { } why)
        {
            return Availability.Error(why);
        }

        var (place, full) = await queue.EnterAsync(caller is null ? null : SandboxAccess.OwnerOf(caller), ct);
        if (place is null)
        {
            return full!;
        }

        using (place)
        {
            // A client that leaves, or a service that must end, ends the program.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, drain.Token);
            try
            {
                var (ran, error) = await runner.RunAsync(run, either.Token);
                return ran is null ? error! : TypedResults.Ok(ran);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return ApiError.Unavailable("The sandbox is being stopped; the program was ended.", TimeSpan.FromSeconds(5));
            }
        }
    }
}

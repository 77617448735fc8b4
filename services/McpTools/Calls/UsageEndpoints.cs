using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.McpTools.Calls;

/// <summary>What tools were called: sums, and the calls themselves.</summary>
internal static class UsageEndpoints
{
    public static void MapToolUsage(this IEndpointRouteBuilder v1)
    {
        var own = v1.MapGroup("/mcp/usage").RequireScope(Scopes.UsageRead).WithTags("MCP usage");
        own.MapGet("/", OwnAsync).WithName("GetToolUsage").WithSummary("Sums up the caller's calls of tools.");
        own.MapGet("/records", OwnRecordsAsync).WithName("ListToolCalls").WithSummary("Lists the caller's calls of tools, newest first.");

        var admin = v1.MapGroup("/admin/mcp/usage").RequireAdmin().WithTags("MCP usage");
        admin.MapGet("/", EveryoneAsync).WithName("GetDeploymentToolUsage").WithSummary("Sums up everyone's calls of tools.");
        admin.MapGet("/records", EveryonesRecordsAsync).WithName("ListDeploymentToolCalls").WithSummary("Lists everyone's calls of tools, newest first.");
    }

    private static Task<Results<Ok<ToolUsageReport>, ApiError>> OwnAsync(
        [AsParameters] ToolUsageParameters parameters, Caller caller, UsageStore store, CancellationToken ct) =>
        SumAsync(UsageFilter.Own(caller, parameters), store, ct);

    private static Task<Results<Ok<ToolUsageReport>, ApiError>> EveryoneAsync(
        [AsParameters] ToolUsageParameters parameters, UsageStore store, CancellationToken ct) =>
        SumAsync(UsageFilter.Everyone(parameters), store, ct);

    private static Task<Results<Ok<Page<ToolCallResource>>, ApiError>> OwnRecordsAsync(
        [AsParameters] PageQuery page, [AsParameters] ToolUsageParameters parameters, Caller caller, UsageStore store, CancellationToken ct) =>
        ListAsync(UsageFilter.Own(caller, parameters), page, store, ct);

    private static Task<Results<Ok<Page<ToolCallResource>>, ApiError>> EveryonesRecordsAsync(
        [AsParameters] PageQuery page, [AsParameters] ToolUsageParameters parameters, UsageStore store, CancellationToken ct) =>
        ListAsync(UsageFilter.Everyone(parameters), page, store, ct);

    private static async Task<Results<Ok<ToolUsageReport>, ApiError>> SumAsync(
        (UsageFilter? Filter, ApiError? Error) read, UsageStore store, CancellationToken ct)
    {
        if (read.Filter is null)
        {
            return read.Error!;
        }

        var sums = await store.SumAsync(read.Filter, ct);
        var total = new ToolUsage(
            null,
            sums.Sum(one => one.Calls),
            sums.Sum(one => one.Failures),
            sums.Sum(one => one.Refusals),
            sums.Sum(one => one.DurationMs),
            sums.Sum(one => one.ArgumentBytes),
            sums.Sum(one => one.ResultBytes));
        return TypedResults.Ok(new ToolUsageReport(sums, total));
    }

    private static async Task<Results<Ok<Page<ToolCallResource>>, ApiError>> ListAsync(
        (UsageFilter? Filter, ApiError? Error) read, PageQuery page, UsageStore store, CancellationToken ct) =>
        read.Filter is null
            ? read.Error!
            : TypedResults.Ok(Page.Of(await store.ListAsync(read.Filter, page, ct), page.Take, ToolCallResource.From, call => call.Id));
}

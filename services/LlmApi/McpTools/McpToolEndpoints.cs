using JanServer.Contracts.Tools;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.McpTools;

/// <summary>
/// What tools there are: for users; in full for administrators; and for services, which the gateway does not lead to.
/// </summary>
internal static class McpToolEndpoints
{
    public static void MapMcpTools(this IEndpointRouteBuilder v1)
    {
        var tools = v1.MapGroup("/mcp-tools").RequireAuthorization().WithTags("MCP tools");
        tools.MapGet("/", ListActiveAsync).WithName("ListMcpTools").WithSummary("Lists the tools that are offered.");
        tools.MapGet("/{key}", GetActiveAsync).WithName("GetMcpTool").WithSummary("Describes a tool that is offered.");

        var admin = v1.MapGroup("/admin/mcp-tools").RequireAdmin().WithTags("MCP tools");
        admin.MapGet("/", ListAsync).WithName("ListAllMcpTools").WithSummary("Lists all tools with what is disallowed.");
        admin.MapGet("/{publicId}", GetAsync).WithName("GetAnyMcpTool").WithSummary("Describes a tool with what is disallowed.");
        admin.MapPatch("/{publicId}", UpdateAsync).WithName("UpdateMcpTool").WithSummary("Changes a tool; what is absent stays.");
    }

    /// <summary>The routes of <see cref="ToolSettingsClient"/>.</summary>
    public static void MapToolSettings(this IEndpointRouteBuilder app)
    {
        var settings = app.MapGroup("/internal/mcp-tools").ExcludeFromDescription().RequireService();
        settings.MapGet("/", ListSettingsAsync).WithName("ListToolSettings").WithSummary("The settings of all tools that are offered.");
        settings.MapGet("/{key}", GetSettingsAsync).WithName("GetToolSettings").WithSummary("The settings of a tool that is offered.");
    }

    private static async Task<Ok<McpToolList>> ListActiveAsync(McpToolStore store, CancellationToken ct) =>
        TypedResults.Ok(ListOf(await store.ListActiveAsync(ct), McpToolResource.ForUsers));

    private static async Task<Results<Ok<McpToolAnswer>, ApiError>> GetActiveAsync(string key, McpToolStore store, CancellationToken ct) =>
        await store.FindActiveAsync(key, ct) is { } tool
            ? TypedResults.Ok(new McpToolAnswer(McpToolResource.ForUsers(tool)))
            : ApiError.NotFound("tool");

    private static async Task<Results<Ok<McpToolList>, ApiError>> ListAsync(
        [AsParameters] McpToolFilter filter, McpToolStore store, CancellationToken ct) =>
        filter.Category?.Contains('\0', StringComparison.Ordinal) == true
            ? ApiError.Invalid("category", "This must not hold the character U+0000.")
            : TypedResults.Ok(ListOf(await store.ListAsync(filter, ct), McpToolResource.ForAdministrators));

    private static async Task<Results<Ok<McpToolAnswer>, ApiError>> GetAsync(string publicId, McpToolStore store, CancellationToken ct) =>
        await store.FindAsync(publicId, ct) is { } tool
            ? TypedResults.Ok(new McpToolAnswer(McpToolResource.ForAdministrators(tool)))
            : ApiError.NotFound("tool");

    private static async Task<Results<Ok<McpToolAnswer>, ApiError>> UpdateAsync(
        string publicId, UpdateMcpTool input, Caller caller, McpToolStore store, TimeProvider clock, CancellationToken ct)
    {
        var (change, error) = McpToolChange.Of(input);
        if (change is null)
        {
            return error!;
        }

        return await store.UpdateAsync(publicId, change, caller.UserId, clock.GetUtcNow(), ct) > 0
            && await store.FindAsync(publicId, ct) is { } tool
            ? TypedResults.Ok(new McpToolAnswer(McpToolResource.ForAdministrators(tool)))
            : ApiError.NotFound("tool");
    }

    private static async Task<Ok<ToolSettingsList>> ListSettingsAsync(McpToolStore store, CancellationToken ct) =>
        TypedResults.Ok(new ToolSettingsList([.. (await store.ListActiveAsync(ct)).Select(McpToolResource.ForServices)]));

    private static async Task<Results<Ok<ToolSettings>, ApiError>> GetSettingsAsync(string key, McpToolStore store, CancellationToken ct) =>
        await store.FindActiveAsync(key, ct) is { } tool
            ? TypedResults.Ok(McpToolResource.ForServices(tool))
            : ApiError.NotFound("tool");

    private static McpToolList ListOf(List<McpTool> tools, Func<McpTool, McpToolResource> map) => new([.. tools.Select(map)], tools.Count);
}

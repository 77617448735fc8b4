using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Servers;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.McpTools.External.Listing;

/// <summary>The tools of one server, and looking at them now.</summary>
internal static class ToolEndpoints
{
    public static void MapToolRoutes(this RouteGroupBuilder servers, ServerAccess reads, ServerAccess writes, string names)
    {
        servers.MapGet("/{id}/tools", (Id<ExternalServer> id, Caller caller, ServerTools tools, CancellationToken ct) =>
            ListAsync(reads, id, caller, tools, ct))
                .WithName($"List{names}ServerTools").WithSummary("Lists a server's tools as last seen, with whether they are offered.");
        servers.MapPatch("/{id}/tools/{**tool}", (
            Id<ExternalServer> id, string tool, UpdateServerTool input, Caller caller, ServerRegistration registration, CancellationToken ct) =>
            UpdateAsync(writes, id, tool, input, caller, registration, ct))
                .WithName($"Update{names}ServerTool").WithSummary("Says whether a tool is offered, and whether calls are confirmed.");
        servers.MapPost("/{id}/refresh", (Id<ExternalServer> id, Caller caller, ServerTools tools, CancellationToken ct) =>
            TestAsync(reads, id, caller, tools, ct))
                .WithName($"Refresh{names}Server").WithSummary("Connects to a server and lists its tools now.");
        servers.MapPost("/{id}/test", (Id<ExternalServer> id, Caller caller, ServerTools tools, CancellationToken ct) =>
            TestAsync(reads, id, caller, tools, ct)).WithName($"Test{names}Server").WithSummary("The same as refresh.");
    }

    private static async Task<Results<Ok<ServerToolList>, ApiError>> ListAsync(
        ServerAccess access, Id<ExternalServer> id, Caller caller, ServerTools tools, CancellationToken ct) =>
        await tools.ListAsync(caller, access, id, ct) is { } list ? TypedResults.Ok(list) : ApiError.NotFound("server");

    private static async Task<Results<Ok<ServerResource>, ApiError>> UpdateAsync(
        ServerAccess access, Id<ExternalServer> id, string tool, UpdateServerTool input, Caller caller, ServerRegistration registration, CancellationToken ct)
    {
        var (server, error) = await registration.UpdateToolAsync(caller, access, id, tool, input, ct);
        return server is null ? error! : TypedResults.Ok(ServerResource.Of(server));
    }

    private static async Task<Results<Ok<ServerTest>, ApiError>> TestAsync(
        ServerAccess access, Id<ExternalServer> id, Caller caller, ServerTools tools, CancellationToken ct) =>
        await tools.TestAsync(caller, access, id, ct) is { } test ? TypedResults.Ok(test) : ApiError.NotFound("server");
}

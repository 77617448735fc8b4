using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Listing;
using JanServer.McpTools.External.SignIn;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.McpTools.External.Servers;

/// <summary>External servers: a user's own, and those of administrators. The two differ in whose servers they are about.</summary>
internal static class ServerEndpoints
{
    public static void MapServers(this IEndpointRouteBuilder v1)
    {
        var own = v1.MapGroup("/mcp/servers").RequireScope(Scopes.Tools).WithTags("MCP servers");
        Map(own, ServerAccess.Use, ServerAccess.Own, "Mcp", "the caller's servers, and those that are there for the caller");
        own.MapSignIn();

        var all = v1.MapGroup("/admin/mcp/servers").RequireAdmin().WithTags("MCP servers");
        Map(all, ServerAccess.Administer, ServerAccess.Administer, "AnyMcp", "the servers of administrators and of the configuration");
    }

    private static void Map(RouteGroupBuilder servers, ServerAccess reads, ServerAccess writes, string names, string which)
    {
        servers.MapPost("/", (CreateServer input, Caller caller, ServerRegistration registration, CancellationToken ct) =>
            CreateAsync(writes, input, caller, registration, ct)).WithName($"Create{names}Server").WithSummary("Registers a server.");
        servers.MapGet("/", ([AsParameters] PageQuery page, Caller caller, ServerStore store, CancellationToken ct) =>
            ListAsync(reads, page, caller, store, ct)).WithName($"List{names}Servers").WithSummary($"Lists {which}.");
        servers.MapGet("/{id}", (Id<ExternalServer> id, Caller caller, ServerStore store, CancellationToken ct) =>
            GetAsync(reads, id, caller, store, ct)).WithName($"Get{names}Server").WithSummary("Describes a server.");
        servers.MapPatch("/{id}", (
            Id<ExternalServer> id, UpdateServer input, Caller caller, ServerRegistration registration, CancellationToken ct) =>
            UpdateAsync(writes, id, input, caller, registration, ct))
                .WithName($"Update{names}Server").WithSummary("Changes a server; what is absent stays.");
        servers.MapDelete("/{id}", (Id<ExternalServer> id, Caller caller, ServerRegistration registration, CancellationToken ct) =>
            RemoveAsync(writes, id, caller, registration, ct))
                .WithName($"Delete{names}Server").WithSummary("Removes a server with its tools, tokens and secrets.");
        servers.MapGet("/{id}/health", (
            Id<ExternalServer> id, Caller caller, ServerStore store, HealthStore health, ToolListStore lists, TimeProvider clock, CancellationToken ct) =>
            HealthAsync(reads, id, caller, store, health, lists, clock, ct))
                .WithName($"Get{names}ServerHealth").WithSummary("Says how a server does.");
        servers.MapToolRoutes(reads, writes, names);
    }

    private static async Task<Results<Created<ServerResource>, ApiError>> CreateAsync(
        ServerAccess access, CreateServer input, Caller caller, ServerRegistration registration, CancellationToken ct)
    {
        var (server, error) = await registration.CreateAsync(caller, access, input, ct);
        var path = access == ServerAccess.Administer ? "/v1/admin/mcp/servers" : "/v1/mcp/servers";
        return server is null ? error! : TypedResults.Created($"{path}/{server.Id}", ServerResource.Of(server));
    }

    private static async Task<Ok<Page<ServerResource>>> ListAsync(
        ServerAccess access, PageQuery page, Caller caller, ServerStore store, CancellationToken ct) =>
        TypedResults.Ok(Page.Of(await store.ListAsync(caller, access, page, ct), page.Take, server => Shown(server, access), server => server.Id));

    private static async Task<Results<Ok<ServerResource>, ApiError>> GetAsync(
        ServerAccess access, Id<ExternalServer> id, Caller caller, ServerStore store, CancellationToken ct) =>
        await store.FindAsync(caller, access, id, ct) is { } server ? TypedResults.Ok(Shown(server, access)) : ApiError.NotFound("server");

    private static async Task<Results<Ok<ServerResource>, ApiError>> UpdateAsync(
        ServerAccess access, Id<ExternalServer> id, UpdateServer input, Caller caller, ServerRegistration registration, CancellationToken ct)
    {
        var (server, error) = await registration.UpdateAsync(caller, access, id, input, ct);
        return server is null ? error! : TypedResults.Ok(ServerResource.Of(server));
    }

    private static async Task<Results<Ok<ServerDeleted>, ApiError>> RemoveAsync(
        ServerAccess access, Id<ExternalServer> id, Caller caller, ServerRegistration registration, CancellationToken ct) =>
        await registration.RemoveAsync(caller, access, id, ct) is { } error ? error : TypedResults.Ok(new ServerDeleted(id.ToString()));

    private static async Task<Results<Ok<HealthResource>, ApiError>> HealthAsync(
        ServerAccess access,
        Id<ExternalServer> id,
        Caller caller,
        ServerStore store,
        HealthStore health,
        ToolListStore lists,
        TimeProvider clock,
        CancellationToken ct)
    {
        if (await store.FindAsync(caller, access, id, ct) is null)
        {
            return ApiError.NotFound("server");
        }

        var list = (await lists.FindAsync([id.Value], caller.UserId.Value, ct)).GetValueOrDefault(id.Value);
        return TypedResults.Ok(HealthResource.Of(
            id.ToString(), await health.FindAsync(id, ct), clock.GetUtcNow(), list?.FetchedAt is null ? null : list.ToolCount, list?.FetchedAt));
    }

    // Where a server of administrators is and how it is reached is their business.
    private static ServerResource Shown(ExternalServer server, ServerAccess access)
    {
        var resource = ServerResource.Of(server);
        return access == ServerAccess.Use && server.IsOfAdministrators
            ? resource with { Url = null, Command = null, Args = null, EnvNames = [], HeaderNames = [], Oauth = null }
            : resource;
    }
}

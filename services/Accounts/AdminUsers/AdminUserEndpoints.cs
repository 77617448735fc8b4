using JanServer.Accounts.Auditing;
using JanServer.Accounts.IdentityProvider;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Accounts.AdminUsers;

/// <summary>/v1/admin/users: the users of the identity provider.</summary>
internal static class AdminUserEndpoints
{
    public static void MapAdminUsers(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/v1/admin/users").WithTags("Administration").RequireAdmin();

        users.MapGet("", ListAsync)
            .WithName("listUsers")
            .WithSummary("Users with their roles, groups and feature flags.")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapGet("/{id}", GetAsync)
            .WithName("getUser")
            .WithSummary("One user with its roles, groups and feature flags.")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapPost("", CreateAsync)
            .WithName("createUser")
            .WithSummary("Makes a user, with a password if one is given.")
            .Audited("user.created")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapPatch("/{id}", UpdateAsync)
            .WithName("updateUser")
            .WithSummary("Changes a user; what is absent stays.")
            .Audited("user.updated")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapDelete("/{id}", DeleteAsync)
            .WithName("deleteUser")
            .WithSummary("Removes a user. Its credentials are refused from then on.")
            .Audited("user.deleted")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapPost("/{id}/activate", ActivateAsync)
            .WithName("activateUser")
            .WithSummary("Lets a user in again.")
            .Audited("user.activated")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapPost("/{id}/deactivate", DeactivateAsync)
            .WithName("deactivateUser")
            .WithSummary("Shuts a user out: its sessions end, and its tokens and API keys are refused.")
            .Audited("user.deactivated")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapMemberships();
    }

    private static async Task<Results<Ok<AdminUserList>, ApiError>> ListAsync(
        [AsParameters] AdminUserQuery query, UserSearch search, Memberships memberships, CancellationToken ct)
    {
        var (found, error) = await search.RunAsync(query, ct);
        return error is null
            ? TypedResults.Ok(new AdminUserList(await memberships.AddAsync(found.Take(query.Take).ToList(), ct), found.Count > query.Take))
            : error;
    }

    private static async Task<Results<Ok<AdminUser>, ApiError>> GetAsync(
        string id, KeycloakUsers users, Memberships memberships, CancellationToken ct) =>
        await users.FindAsync(id, ct) is { } user
            ? TypedResults.Ok(await memberships.AddAsync(user, ct))
            : ApiError.NotFound("user");

    private static async Task<Results<Created<CreatedObject>, ApiError>> CreateAsync(
        CreateUser request, KeycloakUsers users, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = AdminUsersJson.PayloadOf(request);
        if (UserFields.Check(request) is { } invalid)
        {
            return invalid;
        }

        var (id, error) = await users.CreateAsync(
            new(
                Username: request.Username!.Trim(),
                Email: request.Email,
                FirstName: request.FirstName,
                LastName: request.LastName,
                Enabled: request.Enabled ?? true,
                Credentials: request.Password is null ? null : [new(request.Password)]),
            ct);
        audit.ResourceId = id;
        return id is null ? error! : TypedResults.Created($"/v1/admin/users/{Uri.EscapeDataString(id)}", new CreatedObject(id));
    }

    private static async Task<Results<Ok<AdminUser>, ApiError>> UpdateAsync(
        string id, UpdateUser request, Caller caller, KeycloakUsers users, UserSwitch target, Memberships memberships, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = AdminUsersJson.PayloadOf(request);
        if (UserFields.Check(request) is { } invalid)
        {
            return invalid;
        }

        var change = new KeycloakUser(
            Username: request.Username?.Trim(), Email: request.Email, FirstName: request.FirstName, LastName: request.LastName, Enabled: request.Enabled);
        if (await target.ApplyAsync(caller, id, change, ct) is { } refused)
        {
            return refused;
        }

        return await users.FindAsync(id, ct) is { } user
            ? TypedResults.Ok(await memberships.AddAsync(user, ct))
            : ApiError.NotFound("user");
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(string id, Caller caller, UserSwitch target, CancellationToken ct) =>
        await target.RemoveAsync(caller, id, ct) is { } refused ? refused : TypedResults.NoContent();

    private static async Task<Results<Ok, ApiError>> ActivateAsync(string id, Caller caller, UserSwitch target, CancellationToken ct) =>
        await target.ApplyAsync(caller, id, new(Enabled: true), ct) is { } refused ? refused : TypedResults.Ok();

    private static async Task<Results<Ok, ApiError>> DeactivateAsync(string id, Caller caller, UserSwitch target, CancellationToken ct) =>
        await target.ApplyAsync(caller, id, new(Enabled: false), ct) is { } refused ? refused : TypedResults.Ok();
}

using JanServer.Accounts.Auditing;
using JanServer.Accounts.IdentityProvider;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Accounts.AdminUsers;

/// <summary>The roles and groups of one user. Giving what a user has and taking what it lacks changes nothing.</summary>
internal static class MembershipEndpoints
{
    public static void MapMemberships(this IEndpointRouteBuilder users)
    {
        users.MapPost("/{id}/roles/{role}", GiveRoleAsync)
            .WithName("addUserRole")
            .WithSummary("Gives a user a role.")
            .Audited("user.role_added")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapDelete("/{id}/roles/{role}", TakeRoleAsync)
            .WithName("removeUserRole")
            .WithSummary("Takes a role from a user, also from the tokens and API keys that it has.")
            .Audited("user.role_removed")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapPost("/{id}/groups/{groupId}", JoinAsync)
            .WithName("addUserToGroup")
            .WithSummary("Adds a user to a group. Its feature flags reach the user with the next token.")
            .Audited("user.group_added")
            .AddEndpointFilter<IdentityProviderFilter>();

        users.MapDelete("/{id}/groups/{groupId}", LeaveAsync)
            .WithName("removeUserFromGroup")
            .WithSummary("Takes a user out of a group.")
            .Audited("user.group_removed")
            .AddEndpointFilter<IdentityProviderFilter>();
    }

    private static async Task<Results<Ok, ApiError>> GiveRoleAsync(
        string id, string role, UserSwitch target, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = AdminUsersJson.Named("role", role);
        return await target.GiveRoleAsync(id, role, ct) is { } refused ? refused : TypedResults.Ok();
    }

    private static async Task<Results<Ok, ApiError>> TakeRoleAsync(
        string id, string role, Caller caller, UserSwitch target, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = AdminUsersJson.Named("role", role);
        return await target.TakeRoleAsync(caller, id, role, ct) is { } refused ? refused : TypedResults.Ok();
    }

    private static async Task<Results<Ok, ApiError>> JoinAsync(
        string id, string groupId, UserTarget target, KeycloakUsers users, KeycloakGroups groups, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = AdminUsersJson.Named("group_id", groupId);
        var (subject, error) = await target.FindAsync(id, ct);
        error ??= await MissingGroupAsync(groupId, groups, ct) ?? await users.JoinAsync(subject!, groupId, ct);
        return error is null ? TypedResults.Ok() : error;
    }

    private static async Task<Results<Ok, ApiError>> LeaveAsync(
        string id, string groupId, UserTarget target, KeycloakUsers users, KeycloakGroups groups, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = AdminUsersJson.Named("group_id", groupId);
        var (subject, error) = await target.FindAsync(id, ct);
        error ??= await MissingGroupAsync(groupId, groups, ct) ?? await users.LeaveAsync(subject!, groupId, ct);
        return error is null ? TypedResults.Ok() : error;
    }

    private static async Task<ApiError?> MissingGroupAsync(string groupId, KeycloakGroups groups, CancellationToken ct) =>
        await groups.FindAsync(groupId, ct) is null ? ApiError.NotFound("group") : null;
}

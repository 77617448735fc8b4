using System.Text.Json;
using JanServer.Accounts.AdminUsers;
using JanServer.Accounts.Auditing;
using JanServer.Accounts.IdentityProvider;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Accounts.AdminGroups;

/// <summary>/v1/admin/groups: the groups of the identity provider.</summary>
internal static class AdminGroupEndpoints
{
    public static void MapAdminGroups(this IEndpointRouteBuilder app)
    {
        var groups = app.MapGroup("/v1/admin/groups").WithTags("Administration").RequireAdmin();

        groups.MapGet("", ListAsync)
            .WithName("listGroups")
            .WithSummary("Groups, by name.")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapGet("/{id}", GetAsync)
            .WithName("getGroup")
            .WithSummary("One group.")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapGet("/{id}/members", ListMembersAsync)
            .WithName("listGroupMembers")
            .WithSummary("The members of a group.")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapPost("", CreateAsync)
            .WithName("createGroup")
            .WithSummary("Makes a group.")
            .Audited("group.created")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapPatch("/{id}", UpdateAsync)
            .WithName("updateGroup")
            .WithSummary("Changes the name of a group, or replaces its attributes.")
            .Audited("group.updated")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapDelete("/{id}", DeleteAsync)
            .WithName("deleteGroup")
            .WithSummary("Removes a group. Its members stay.")
            .Audited("group.deleted")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapGroupFlags();
    }

    private static async Task<Results<Ok<AdminGroupList>, ApiError>> ListAsync(
        [AsParameters] DirectoryPage page, KeycloakGroups groups, CancellationToken ct)
    {
        var found = await groups.ListAsync(page.Skip, page.Take + 1, ct);
        return TypedResults.Ok(new AdminGroupList([.. found.Take(page.Take).Select(AdminGroup.From)], found.Length > page.Take));
    }

    private static async Task<Results<Ok<AdminGroup>, ApiError>> GetAsync(string id, KeycloakGroups groups, CancellationToken ct) =>
        await groups.FindAsync(id, ct) is { } group ? TypedResults.Ok(AdminGroup.From(group)) : ApiError.NotFound("group");

    private static async Task<Results<Ok<AdminUserList>, ApiError>> ListMembersAsync(
        string id, [AsParameters] DirectoryPage page, KeycloakGroups groups, Memberships memberships, CancellationToken ct) =>
        await groups.ListMembersAsync(id, page.Skip, page.Take + 1, ct) is { } members
            ? TypedResults.Ok(new AdminUserList(await memberships.AddAsync(members.Take(page.Take).ToList(), ct), members.Length > page.Take))
            : ApiError.NotFound("group");

    private static async Task<Results<Created<CreatedObject>, ApiError>> CreateAsync(
        CreateGroup request, KeycloakGroups groups, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = JsonSerializer.SerializeToElement(request, AdminGroupsJson.Default.CreateGroup);
        if (GroupFields.CheckName(request.Name) is { } invalid)
        {
            return invalid;
        }

        var (id, error) = await groups.CreateAsync(new(Name: request.Name!.Trim()), ct);
        audit.ResourceId = id;
        return id is null ? error! : TypedResults.Created($"/v1/admin/groups/{Uri.EscapeDataString(id)}", new CreatedObject(id));
    }

    private static async Task<Results<Ok<AdminGroup>, ApiError>> UpdateAsync(
        string id, UpdateGroup request, GroupChanges changes, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = JsonSerializer.SerializeToElement(request, AdminGroupsJson.Default.UpdateGroup);
        if (GroupFields.Check(request) is { } invalid)
        {
            return invalid;
        }

        var (group, error) = await changes.UpdateAsync(id, request, ct);
        return group is null ? error! : TypedResults.Ok(AdminGroup.From(group));
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(string id, KeycloakGroups groups, CancellationToken ct) =>
        await groups.RemoveAsync(id, ct) is { } refused ? refused : TypedResults.NoContent();
}

using JanServer.Identity.Admin;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Groups;

/// <summary>/admin/realms/jan/groups and the groups of users. Groups have no sub-groups here.</summary>
internal static class GroupEndpoints
{
    private const int DefaultTake = 100;

    public static void MapGroups(this IEndpointRouteBuilder admin)
    {
        var view = admin.MapGroup("/").AddEndpointFilter(AdminAccess.ViewRealm);
        view.MapGet("/groups", ListAsync);
        view.MapGet("/groups/count", CountAsync);
        view.MapGet("/groups/{id:guid}", GetAsync);
        view.MapGet("/groups/{id:guid}/members", ListMembersAsync);
        view.MapGet("/users/{id:guid}/groups", ListOfUserAsync);

        var manage = admin.MapGroup("/").AddEndpointFilter(AdminAccess.ManageUsers);
        manage.MapPost("/groups", CreateAsync);
        manage.MapPut("/groups/{id:guid}", UpdateAsync);
        manage.MapDelete("/groups/{id:guid}", DeleteAsync);
        manage.MapPut("/users/{id:guid}/groups/{groupId:guid}", JoinAsync);
        manage.MapDelete("/users/{id:guid}/groups/{groupId:guid}", LeaveAsync);
    }

    private static AdminError GroupNotFound() => AdminError.NotFound("Could not find group by id");

    private static async Task<Ok<List<GroupRepresentation>>> ListAsync(
        string? search, bool? exact, int? first, int? max, GroupStore groups, CancellationToken ct) =>
        TypedResults.Ok((await groups.ListAsync(search, exact == true, Math.Max(first ?? 0, 0), Math.Max(max ?? DefaultTake, 0), ct))
            .ConvertAll(GroupRepresentation.From));

    private static async Task<Ok<GroupCount>> CountAsync(string? search, GroupStore groups, CancellationToken ct) =>
        TypedResults.Ok(new GroupCount(await groups.CountAsync(search, ct)));

    private static async Task<Results<Ok<GroupRepresentation>, AdminError>> GetAsync(Guid id, GroupStore groups, CancellationToken ct) =>
        await groups.FindAsync(id, ct) is { } group ? TypedResults.Ok(GroupRepresentation.From(group)) : GroupNotFound();

    private static async Task<Results<Ok<List<UserRepresentation>>, AdminError>> ListMembersAsync(
        Guid id, int? first, int? max, GroupStore groups, CancellationToken ct)
    {
        if (await groups.FindAsync(id, ct) is null)
        {
            return GroupNotFound();
        }

        var members = await groups.ListMembersAsync(id, Math.Max(first ?? 0, 0), Math.Max(max ?? DefaultTake, 0), ct);
        return TypedResults.Ok(members.ConvertAll(UserRepresentation.From));
    }

    private static async Task<Results<Created, AdminError>> CreateAsync(
        GroupRepresentation input, GroupStore groups, IOptions<RealmOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (!IsName(input.Name))
        {
            return AdminError.Invalid("Group name is missing", "name");
        }

        var group = new Group { Id = Guid.CreateVersion7(clock.GetUtcNow()), Name = input.Name!, Attributes = input.Attributes ?? [] };
        return await groups.AddAsync(group, ct)
            ? TypedResults.Created(AdminPaths.Of(options.Value, $"groups/{group.Id}"))
            : NameTaken(group.Name);
    }

    private static async Task<Results<NoContent, AdminError>> UpdateAsync(
        Guid id, GroupRepresentation input, GroupStore groups, CancellationToken ct)
    {
        if (await groups.FindAsync(id, ct) is not { } group)
        {
            return GroupNotFound();
        }

        if (input.Name is not null && !IsName(input.Name))
        {
            return AdminError.Invalid("Group name is missing", "name");
        }

        var changed = new Group { Id = id, Name = input.Name ?? group.Name, Attributes = input.Attributes ?? group.Attributes };
        return await groups.UpdateAsync(changed, ct) ? TypedResults.NoContent() : NameTaken(changed.Name);
    }

    private static async Task<Results<NoContent, AdminError>> DeleteAsync(Guid id, GroupStore groups, CancellationToken ct) =>
        await groups.RemoveAsync(id, ct) ? TypedResults.NoContent() : GroupNotFound();

    private static async Task<Results<Ok<List<GroupRepresentation>>, AdminError>> ListOfUserAsync(Guid id, UserDirectory users, CancellationToken ct) =>
        await users.FindAsync(Realm.Jan, id, ct) is null
            ? UserEndpoints.UserNotFound()
            : TypedResults.Ok((await users.GroupsOf(id).OrderBy(group => group.Name).ToListAsync(ct)).ConvertAll(GroupRepresentation.From));

    private static async Task<Results<NoContent, AdminError>> JoinAsync(
        Guid id, Guid groupId, UserDirectory users, GroupStore groups, CancellationToken ct)
    {
        if (await MissingAsync(id, groupId, users, groups, ct) is { } missing)
        {
            return missing;
        }

        await groups.JoinAsync(groupId, id, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, AdminError>> LeaveAsync(
        Guid id, Guid groupId, UserDirectory users, GroupStore groups, CancellationToken ct)
    {
        if (await MissingAsync(id, groupId, users, groups, ct) is { } missing)
        {
            return missing;
        }

        await groups.LeaveAsync(groupId, id, ct);
        return TypedResults.NoContent();
    }

    private static async Task<AdminError?> MissingAsync(Guid id, Guid groupId, UserDirectory users, GroupStore groups, CancellationToken ct) =>
        await users.FindAsync(Realm.Jan, id, ct) is null
            ? UserEndpoints.UserNotFound()
            : await groups.FindAsync(groupId, ct) is null ? GroupNotFound() : null;

    private static AdminError NameTaken(string name) => AdminError.Conflict($"Top level group named '{name}' already exists.");

    private static bool IsName(string? name) => !string.IsNullOrWhiteSpace(name) && !name.Contains('/', StringComparison.Ordinal);
}

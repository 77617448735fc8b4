using JanServer.Identity.Admin;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Roles;

/// <summary>/admin/realms/jan/roles and the role mappings of users.</summary>
internal static class RoleEndpoints
{
    private const int DefaultTake = 100;

    public static void MapRoles(this IEndpointRouteBuilder admin)
    {
        var view = admin.MapGroup("/").AddEndpointFilter(AdminAccess.ViewRealm);
        view.MapGet("/roles", ListAsync);
        view.MapGet("/roles/{name}", GetAsync);
        view.MapGet("/roles/{name}/users", ListMembersAsync);
        view.MapGet("/users/{id:guid}/role-mappings", GetMappingsAsync);
        view.MapGet("/users/{id:guid}/role-mappings/realm", ListMappingsAsync);
        view.MapGet("/users/{id:guid}/role-mappings/realm/composite", ListMappingsAsync);

        var manage = admin.MapGroup("/roles").AddEndpointFilter(AdminAccess.ManageRealm);
        manage.MapPost("/", CreateAsync);
        manage.MapDelete("/{name}", DeleteAsync);

        var mappings = admin.MapGroup("/users/{id:guid}/role-mappings/realm").AddEndpointFilter(AdminAccess.ManageUsers);
        mappings.MapPost("/", AssignAsync);
        mappings.MapDelete("/", UnassignAsync);
    }

    private static AdminError RoleNotFound() => AdminError.NotFound("Could not find role");

    private static async Task<Ok<List<RoleRepresentation>>> ListAsync(string? search, int? first, int? max, RealmRoles roles, CancellationToken ct) =>
        TypedResults.Ok((await roles.ListAsync(search, Math.Max(first ?? 0, 0), Math.Max(max ?? DefaultTake, 0), ct)).ConvertAll(RoleRepresentation.From));

    private static async Task<Results<Ok<RoleRepresentation>, AdminError>> GetAsync(string name, RealmRoles roles, CancellationToken ct) =>
        await roles.FindAsync(name, ct) is { } role ? TypedResults.Ok(RoleRepresentation.From(role)) : RoleNotFound();

    private static async Task<Results<Ok<List<UserRepresentation>>, AdminError>> ListMembersAsync(
        string name, int? first, int? max, RealmRoles roles, CancellationToken ct)
    {
        if (await roles.FindAsync(name, ct) is not { } role)
        {
            return RoleNotFound();
        }

        var members = await roles.MembersOf(role.Id).Skip(Math.Max(first ?? 0, 0)).Take(Math.Max(max ?? DefaultTake, 0)).ToListAsync(ct);
        return TypedResults.Ok(members.ConvertAll(UserRepresentation.From));
    }

    private static async Task<Results<Created, AdminError>> CreateAsync(
        RoleRepresentation input, RealmRoles roles, ILookupNormalizer normalizer, IOptions<RealmOptions> options, TimeProvider clock, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(input.Name))
        {
            return AdminError.Invalid("Role name is missing", "name");
        }

        var role = new Role
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Name = input.Name,
            NormalizedName = normalizer.NormalizeName(input.Name),
            ConcurrencyStamp = Tokens.Base64UrlText.Random(),
            Description = input.Description,
        };
        return await roles.AddAsync(role, ct)
            ? TypedResults.Created(AdminPaths.Of(options.Value, $"roles/{Uri.EscapeDataString(input.Name)}"))
            : AdminError.Conflict($"Role with name {input.Name} already exists");
    }

    private static async Task<Results<NoContent, AdminError>> DeleteAsync(string name, RealmRoles roles, CancellationToken ct) =>
        await roles.RemoveAsync(name, ct) ? TypedResults.NoContent() : RoleNotFound();

    private static async Task<Results<Ok<MappingsRepresentation>, AdminError>> GetMappingsAsync(Guid id, UserDirectory users, CancellationToken ct) =>
        await users.FindAsync(Realm.Jan, id, ct) is null
            ? UserEndpoints.UserNotFound()
            : TypedResults.Ok(new MappingsRepresentation(await MappingsOfAsync(id, users, ct)));

    private static async Task<Results<Ok<List<RoleRepresentation>>, AdminError>> ListMappingsAsync(Guid id, UserDirectory users, CancellationToken ct) =>
        await users.FindAsync(Realm.Jan, id, ct) is null
            ? UserEndpoints.UserNotFound()
            : TypedResults.Ok(await MappingsOfAsync(id, users, ct));

    private static async Task<Results<NoContent, AdminError>> AssignAsync(
        Guid id, List<RoleRepresentation> named, UserDirectory users, RealmRoles roles, CancellationToken ct)
    {
        if (await users.FindAsync(Realm.Jan, id, ct) is null)
        {
            return UserEndpoints.UserNotFound();
        }

        if (await roles.ResolveAsync(named, ct) is not { } found)
        {
            return AdminError.NotFound("Role not found");
        }

        await roles.AssignAsync(id, found, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, AdminError>> UnassignAsync(
        Guid id, [Microsoft.AspNetCore.Mvc.FromBody] List<RoleRepresentation> named, UserDirectory users, RealmRoles roles, CancellationToken ct)
    {
        if (await users.FindAsync(Realm.Jan, id, ct) is null)
        {
            return UserEndpoints.UserNotFound();
        }

        if (await roles.ResolveAsync(named, ct) is not { } found)
        {
            return AdminError.NotFound("Role not found");
        }

        await roles.UnassignAsync(id, found, ct);
        return TypedResults.NoContent();
    }

    private static async Task<List<RoleRepresentation>> MappingsOfAsync(Guid id, UserDirectory users, CancellationToken ct) =>
        (await users.RolesOf(id).OrderBy(role => role.Name).ToListAsync(ct)).ConvertAll(RoleRepresentation.From);
}

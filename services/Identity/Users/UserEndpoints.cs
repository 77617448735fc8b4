using JanServer.Identity.Admin;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Users;

/// <summary>/admin/realms/jan/users.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder admin)
    {
        var view = admin.MapGroup("/users").AddEndpointFilter(AdminAccess.ViewUsers);
        view.MapGet("/", ListAsync);
        view.MapGet("/count", CountAsync);
        view.MapGet("/{id:guid}", GetAsync);
        view.MapGet("/{id:guid}/sessions", ListSessionsAsync);

        var manage = admin.MapGroup("/users").AddEndpointFilter(AdminAccess.ManageUsers);
        manage.MapPost("/", CreateAsync);
        manage.MapPut("/{id:guid}", UpdateAsync);
        manage.MapDelete("/{id:guid}", DeleteAsync);
        manage.MapPut("/{id:guid}/reset-password", ResetPasswordAsync);
        manage.MapPost("/{id:guid}/logout", LogoutAsync);
    }

    public static AdminError UserNotFound() => AdminError.NotFound("User not found");

    private static async Task<Ok<List<UserRepresentation>>> ListAsync([AsParameters] UserQuery query, UserDirectory users, CancellationToken ct) =>
        TypedResults.Ok((await users.SearchAsync(UserFilter.From(query), ct)).ConvertAll(UserRepresentation.From));

    private static async Task<Ok<int>> CountAsync([AsParameters] UserQuery query, UserDirectory users, CancellationToken ct) =>
        TypedResults.Ok(await users.CountAsync(UserFilter.From(query), ct));

    private static async Task<Results<Ok<UserRepresentation>, AdminError>> GetAsync(Guid id, UserDirectory users, CancellationToken ct) =>
        await users.FindAsync(Realm.Jan, id, ct) is { } user ? TypedResults.Ok(UserRepresentation.From(user)) : UserNotFound();

    private static async Task<Results<Created, AdminError>> CreateAsync(
        UserRepresentation input, UserRegistry registry, IOptions<RealmOptions> options, CancellationToken ct)
    {
        var (user, error) = await registry.AddAsync(input, ct);
        return user is null ? error! : TypedResults.Created(AdminPaths.Of(options.Value, $"users/{user.Id}"));
    }

    private static async Task<Results<NoContent, AdminError>> UpdateAsync(
        Guid id, UserRepresentation input, UserDirectory users, UserRegistry registry, CancellationToken ct)
    {
        if (await users.FindAsync(Realm.Jan, id, ct) is not { } user)
        {
            return UserNotFound();
        }

        return await registry.UpdateAsync(user, input, ct) is { } error ? error : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, AdminError>> DeleteAsync(Guid id, UserRegistry registry, CancellationToken ct) =>
        await registry.RemoveAsync(id, ct) ? TypedResults.NoContent() : UserNotFound();

    private static async Task<Results<NoContent, AdminError>> ResetPasswordAsync(
        Guid id, CredentialRepresentation credential, UserDirectory users, UserRegistry registry, CancellationToken ct)
    {
        if (await users.FindAsync(Realm.Jan, id, ct) is not { } user)
        {
            return UserNotFound();
        }

        return await registry.SetPasswordAsync(user, credential) is { } error ? error : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<List<UserSessionRepresentation>>, AdminError>> ListSessionsAsync(
        Guid id, UserDirectory users, SessionStore sessions, CancellationToken ct) =>
        await users.FindAsync(Realm.Jan, id, ct) is { } user
            ? TypedResults.Ok((await sessions.ListOfAsync(id, ct)).ConvertAll(live => new UserSessionRepresentation(
                live.Session.Id,
                user.Username,
                user.Id,
                live.Session.StartedAt.ToUnixTimeMilliseconds(),
                live.Session.LastAccessAt.ToUnixTimeMilliseconds())))
            : UserNotFound();

    private static async Task<Results<NoContent, AdminError>> LogoutAsync(Guid id, UserDirectory users, SessionStore sessions, CancellationToken ct)
    {
        if (await users.FindAsync(Realm.Jan, id, ct) is null)
        {
            return UserNotFound();
        }

        await sessions.RemoveAllOfAsync(id, ct);
        return TypedResults.NoContent();
    }
}

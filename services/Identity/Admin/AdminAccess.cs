using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Admin;

/// <summary>
/// Who may use the admin API: the administrator with a token of realm master, and service accounts of realm jan with roles of
/// the client realm-management.
/// </summary>
internal sealed class AdminAccess(params string[] roles) : IEndpointFilter
{
    public static readonly AdminAccess ViewUsers = new("view-users", "query-users", "manage-users");
    public static readonly AdminAccess ManageUsers = new("manage-users");
    public static readonly AdminAccess ViewRealm = new("view-realm", "manage-realm", "view-users", "query-groups", "manage-users");
    public static readonly AdminAccess ManageRealm = new("manage-realm");

    private const string FullAccess = "realm-admin";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var options = http.RequestServices.GetRequiredService<IOptions<RealmOptions>>().Value;
        var verifier = http.RequestServices.GetRequiredService<TokenVerifier>();
        if (await verifier.VerifyBearerAsync(http, Realm.Of(Realm.Master, options), http.RequestAborted) is not null)
        {
            return await next(context);
        }

        return await verifier.VerifyBearerAsync(http, Realm.Of(Realm.Jan, options), http.RequestAborted) switch
        {
            null => AdminError.Unauthorized(),
            { User: null } service when IsAllowed(service) => await next(context),
            _ => AdminError.Forbidden(),
        };
    }

    private bool IsAllowed(VerifiedToken token) =>
        token.Claims.TryGetProperty("resource_access", out var access)
        && access.TryGetProperty(ServiceAccount.RealmManagement, out var client)
        && client.GetProperty("roles").EnumerateArray().Any(role => role.GetString() is { } name && (name == FullAccess || roles.Contains(name)));
}

using JanServer.Identity.Clients;
using JanServer.Identity.Errors;
using JanServer.Identity.Realms;
using JanServer.Identity.Sessions;
using JanServer.Identity.Users;

namespace JanServer.Identity.Tokens;

/// <summary>The token endpoint (RFC 6749 section 3.2).</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder realm) => realm.MapPost("/protocol/openid-connect/token", IssueAsync);

    /// <summary>RFC 6749 section 5.1: no cache may keep a token.</summary>
    public static IResult Answer(TokenResponse response) => NotStored(TypedResults.Ok(response));

    public static IResult NotStored(IResult result) => new NoStore(result);

    private static async Task<IResult> IssueAsync(
        Realm realm, HttpContext http, ClientAuthentication clients, FailureThrottle throttle, IServiceProvider services, CancellationToken ct)
    {
        var (form, malformed) = await TokenForm.ReadAsync(http.Request, ct);
        if (form is null)
        {
            return malformed!;
        }

        var (client, refused) = clients.Authenticate(http, realm, form);
        if (client is null)
        {
            return refused!;
        }

        return form["grant_type"] switch
        {
            null => OAuthError.InvalidRequest("Missing form parameter: grant_type"),
            "password" => await WithPasswordAsync(http, realm, client, form, throttle, services, ct),
            "client_credentials" => await WithClientCredentialsAsync(realm, client, form, services, ct),
            "refresh_token" => await services.GetRequiredService<RefreshGrant>().RedeemAsync(http, realm, client, form, ct),
            "authorization_code" => await services.GetRequiredService<Login.CodeGrant>().RedeemAsync(http, realm, client, form, ct),
            _ => new OAuthError(StatusCodes.Status400BadRequest, "unsupported_grant_type", "Unsupported grant_type"),
        };
    }

    private static async Task<IResult> WithPasswordAsync(
        HttpContext http, Realm realm, Client client, TokenForm form, FailureThrottle throttle, IServiceProvider services, CancellationToken ct)
    {
        if (!client.Settings.DirectAccessGrants)
        {
            return OAuthError.UnauthorizedClient("Client not allowed for direct access grants");
        }

        if (form["username"] is not { } username || form["password"] is not { } password)
        {
            return OAuthError.InvalidRequest("Missing parameter: username and password are required");
        }

        if (Scope.Grant(form["scope"]) is not { } scope)
        {
            return OAuthError.InvalidScope(form["scope"]!);
        }

        if (await services.GetRequiredService<PasswordCheck>().FindAsync(realm, username, password, ct) is not { } user)
        {
            throttle.Count(http);
            return OAuthError.InvalidCredentials();
        }

        if (user.RequiredActions.Count > 0)
        {
            return OAuthError.InvalidGrant("Account is not fully set up");
        }

        var session = await services.GetRequiredService<SessionStore>().AddAsync(user, cookieHash: null, ct);
        var grant = new TokenGrant(realm, client, new LiveSession(session, user), scope);
        return Answer(await services.GetRequiredService<TokenIssuer>().IssueAsync(grant, ct));
    }

    private static async Task<IResult> WithClientCredentialsAsync(
        Realm realm, Client client, TokenForm form, IServiceProvider services, CancellationToken ct)
    {
        if (client.IsPublic || !client.Settings.ServiceAccount)
        {
            return OAuthError.UnauthorizedClient("Client not enabled to retrieve service account");
        }

        return Scope.Grant(form["scope"]) is { } scope
            ? Answer(await services.GetRequiredService<TokenIssuer>().IssueServiceAsync(realm, client, scope, ct))
            : OAuthError.InvalidScope(form["scope"]!);
    }

    private sealed class NoStore(IResult inner) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers.Pragma = "no-cache";
            return inner.ExecuteAsync(httpContext);
        }
    }
}

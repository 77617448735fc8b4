using System.Buffers.Text;
using System.Security.Cryptography;
using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Listing;
using JanServer.McpTools.External.Servers;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.SignIn;

/// <summary>Signing in to servers. What browsers open takes no credential: the ticket, the state and the cookie are each good once.</summary>
internal static class SignInEndpoints
{
    /// <summary>The gateway hands this cookie on, and no other.</summary>
    public const string Cookie = "jan_mcp_sign_in";

    private const string CookiePath = "/v1/mcp/oauth";

    public static void MapSignIn(this RouteGroupBuilder servers)
    {
        servers.MapPost("/{id}/authorize", AuthorizeAsync).WithName("SignInToMcpServer").WithSummary("Gives the link that the caller opens to sign in.");
        servers.MapGet("/{id}/authorization", GetAsync).WithName("GetMcpServerSignIn").WithSummary("Says whether the caller has signed in.");
        servers.MapDelete("/{id}/authorization", RemoveAsync).WithName("SignOutOfMcpServer").WithSummary("Forgets the caller's tokens.");
    }

    public static void MapSignInPages(this IEndpointRouteBuilder v1)
    {
        var oauth = v1.MapGroup("/mcp/oauth").AllowAnonymous().ExcludeFromDescription();
        oauth.MapGet("/start", ConfirmAsync).WithName("ConfirmMcpSignIn").WithSummary("Asks whether to go on to the authorization server.");
        oauth.MapPost("/start", StartAsync).WithName("StartMcpSignIn").WithSummary("Goes on to the authorization server.").DisableAntiforgery();
        oauth.MapGet("/callback", CallbackAsync).WithName("FinishMcpSignIn").WithSummary("Where the authorization server sends the browser back.");
    }

    private static async Task<Results<Ok<SignInStarted>, ApiError>> AuthorizeAsync(
        Id<ExternalServer> id, Caller caller, ServerStore store, SignIns signIns, CancellationToken ct)
    {
        if (await store.FindAsync(caller, ServerAccess.Use, id, ct) is not { } server)
        {
            return ApiError.NotFound("server");
        }

        var (link, expiresAt, error) = await signIns.PrepareAsync(caller, server, ct);
        return link is null ? error! : TypedResults.Ok(new SignInStarted(id.ToString(), link.AbsoluteUri, expiresAt.ToUnixTimeSeconds()));
    }

    private static async Task<Results<Ok<AuthorizationState>, ApiError>> GetAsync(
        Id<ExternalServer> id, Caller caller, ServerStore store, AuthorizationStore authorizations, CancellationToken ct) =>
        await store.FindAsync(caller, ServerAccess.Use, id, ct) is null
            ? ApiError.NotFound("server")
            : TypedResults.Ok(new AuthorizationState(id.ToString(), (await authorizations.SignedInAsync(caller.UserId, [id.Value], ct)).Count > 0));

    private static async Task<Results<Ok<AuthorizationState>, ApiError>> RemoveAsync(
        Id<ExternalServer> id, Caller caller, ServerStore store, AuthorizationStore authorizations, ToolListStore lists, CancellationToken ct)
    {
        if (await store.FindAsync(caller, ServerAccess.Use, id, ct) is null || await authorizations.RemoveAsync(id, caller.UserId, ct) == 0)
        {
            return ApiError.NotFound("authorization");
        }

        await lists.RemoveAsync(id, caller.UserId.Value, ct);
        return TypedResults.Ok(new AuthorizationState(id.ToString(), false));
    }

    private static async Task<IResult> ConfirmAsync(
        string? ticket, HttpContext context, SignIns signIns, IOptions<ExternalOptions> options, CancellationToken ct)
    {
        if (ticket is null || await signIns.FindAsync(ticket, ct) is not ({ } signIn, { } server))
        {
            return SignInPages.Failed(context, "This link is unknown, was used already, or is too old.");
        }

        if (!context.Request.Cookies.ContainsKey(Cookie))
        {
            var browser = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
            context.Response.Cookies.Append(Cookie, browser, CookieOptions(options.Value));
        }

        return SignInPages.Confirm(context, server, signIn.SignIn, ticket);
    }

    // The cookie is not sent with a form of another site (SameSite), so only our own page gets this far.
    private static async Task<IResult> StartAsync([FromForm] string? ticket, HttpContext context, SignIns signIns, CancellationToken ct)
    {
        if (ticket is null || context.Request.Cookies[Cookie] is not { Length: > 0 } browser)
        {
            return SignInPages.Failed(context, "Open the link again, and let this page keep its cookie.");
        }

        return await signIns.BeginAsync(ticket, browser, ct) is { } next
            ? new SeeOther(next)
            : SignInPages.Failed(context, "This link is unknown, was used already, or is too old.");
    }

    private static async Task<IResult> CallbackAsync(
        [AsParameters] SignInCallback callback, HttpContext context, SignIns signIns, IOptions<ExternalOptions> options, CancellationToken ct)
    {
        var (server, error) = await signIns.FinishAsync(callback, context.Request.Cookies[Cookie], ct);
        context.Response.Cookies.Delete(Cookie, CookieOptions(options.Value));
        return server is null ? SignInPages.Failed(context, error!) : SignInPages.Done(context, server);
    }

    private static CookieOptions CookieOptions(ExternalOptions options) => new()
    {
        HttpOnly = true,
        Secure = options.PublicUrl?.Scheme == Uri.UriSchemeHttps,
        SameSite = SameSiteMode.Lax,
        Path = CookiePath,
        MaxAge = TimeSpan.FromMinutes(options.SignInMinutes),
        IsEssential = true,
    };

    /// <summary>303: the form was posted, and what follows is read.</summary>
    private sealed class SeeOther(Uri location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = location.AbsoluteUri;
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
            return Task.CompletedTask;
        }
    }
}

using JanServer.Identity.Clients;
using JanServer.Identity.Pages;
using JanServer.Identity.Realms;
using JanServer.Identity.Tokens;
using JanServer.Identity.Users;

namespace JanServer.Identity.Login;

/// <summary>The authorization endpoint and the forms of its pages.</summary>
internal static class LoginEndpoints
{
    private const string Stale = "This page was open for too long. Please try again.";
    private const string TooMany = "Too many failed attempts. Please wait a minute and try again.";

    public static void MapLogin(this IEndpointRouteBuilder realm)
    {
        realm.MapGet("/protocol/openid-connect/auth", AuthorizeAsync);
        realm.MapPost("/protocol/openid-connect/auth", AuthorizeAsync);
        realm.MapPost("/" + LoginPages.SignInAction, SignInAsync);
        realm.MapPost("/" + LoginPages.RegisterAction, RegisterAsync);
    }

    private static async Task<IResult> AuthorizeAsync(
        Realm realm, HttpContext http, AuthorizationRequestReader reader, BrowserSignIn signIn, LoginPages pages, CancellationToken ct)
    {
        var (_, request, refusal) = await ReadAsync(realm, http, reader, ct);
        if (request is null)
        {
            return refusal!;
        }

        if (await signIn.TryContinueAsync(http, realm, request, ct) is { } answer)
        {
            return answer;
        }

        if (request.Prompts.ForbidAsking)
        {
            return request.Return.WithError("login_required", "The user is not signed in");
        }

        return request.Prompts.DemandRegistration
            ? pages.Register(http, realm, request, RegistrationForm.Empty)
            : pages.SignIn(http, realm, request);
    }

    private static async Task<IResult> SignInAsync(
        Realm realm, HttpContext http, AuthorizationRequestReader reader, LoginPages pages, FormTokens tokens, FailureThrottle throttle,
        PasswordCheck passwords, BrowserSignIn signIn, CancellationToken ct)
    {
        var (form, request, refusal) = await ReadAsync(realm, http, reader, ct);
        if (form is null || request is null)
        {
            return refusal!;
        }

        HtmlPage Again(int status, string alert) => pages.SignIn(http, realm, request, alert, form["username"], status);
        if (throttle.IsExhausted(http))
        {
            return Again(StatusCodes.Status429TooManyRequests, TooMany);
        }

        if (!tokens.IsValid(http, form[FormTokens.Field], request.Purpose(LoginPages.SignInAction)))
        {
            return Again(StatusCodes.Status400BadRequest, Stale);
        }

        if (form["username"] is not { } username || form["password"] is not { } password
            || await passwords.FindAsync(realm, username, password, ct) is not { } user)
        {
            throttle.Count(http);
            return Again(StatusCodes.Status400BadRequest, "Wrong name or password.");
        }

        return user.RequiredActions.Count == 0
            ? await signIn.CompleteAsync(http, realm, request, user, ct)
            : Again(StatusCodes.Status400BadRequest, "This account is not fully set up. Please ask the administrator for a new password.");
    }

    private static async Task<IResult> RegisterAsync(
        Realm realm, HttpContext http, AuthorizationRequestReader reader, LoginPages pages, FormTokens tokens, FailureThrottle throttle,
        UserRegistry users, BrowserSignIn signIn, CancellationToken ct)
    {
        var (form, request, refusal) = await ReadAsync(realm, http, reader, ct);
        if (form is null || request is null)
        {
            return refusal!;
        }

        if (!reader.MayRegister(realm))
        {
            return AuthorizationRequestReader.Refuse("Registration is not open.");
        }

        var typed = RegistrationForm.Of(form);
        HtmlPage Again(int status, string alert) => pages.Register(http, realm, request, typed, alert, status);
        if (throttle.IsExhausted(http))
        {
            return Again(StatusCodes.Status429TooManyRequests, TooMany);
        }

        if (!tokens.IsValid(http, form[FormTokens.Field], request.Purpose(LoginPages.RegisterAction)))
        {
            return Again(StatusCodes.Status400BadRequest, Stale);
        }

        // Every attempt counts: a refusal tells which names are taken, and a success makes a row.
        throttle.Count(http);
        if (typed.Email is null)
        {
            return Again(StatusCodes.Status400BadRequest, "Please enter an e-mail address.");
        }

        if (typed.Password != typed.PasswordAgain)
        {
            return Again(StatusCodes.Status400BadRequest, "The two passwords differ.");
        }

        var (user, error) = await users.AddAsync(typed.ToUser(), ct);
        return user is null
            ? Again(StatusCodes.Status400BadRequest, RegistrationForm.Explain(error!))
            : await signIn.CompleteAsync(http, realm, request, user, ct);
    }

    private static async Task<(TokenForm? Form, AuthorizationRequest? Request, IResult? Refusal)> ReadAsync(
        Realm realm, HttpContext http, AuthorizationRequestReader reader, CancellationToken ct)
    {
        var (form, malformed) = HttpMethods.IsGet(http.Request.Method)
            ? TokenForm.Of(http.Request.Query)
            : await TokenForm.ReadAsync(http.Request, ct);
        if (form is null)
        {
            return (null, null, AuthorizationRequestReader.Refuse(malformed!.Description!));
        }

        var (request, refusal) = reader.Read(realm, form);
        return (form, request, refusal);
    }
}

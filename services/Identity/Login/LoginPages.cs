using JanServer.Identity.Pages;
using JanServer.Identity.Realms;

namespace JanServer.Identity.Login;

/// <summary>The pages of the sign-in.</summary>
internal sealed class LoginPages(FormTokens tokens, AuthorizationRequestReader reader)
{
    public const string SignInAction = "login-actions/authenticate";
    public const string RegisterAction = "login-actions/registration";

    public HtmlPage SignIn(
        HttpContext http, Realm realm, AuthorizationRequest request, string? alert = null, string? username = null,
        int status = StatusCodes.Status200OK)
    {
        var register = reader.MayRegister(realm)
            ? Foot("New here?", request.AddressWith(realm.Endpoint("auth"), Prompts.Create), "Create an account")
            : Html.None;
        return new HtmlPage(status, "Sign in", Html.Of(
            $"""
            <h1>Sign in</h1>
            <p class="quiet">to continue to {request.Client.Id}</p>
            {HtmlPage.Alert(alert)}
            <form method="post" action="{ActionOf(realm, SignInAction)}">
            {Hidden(http, realm, request, SignInAction)}
            <label>Username or e-mail
            {UsernameField(username ?? request.LoginHint)}</label>
            <label>Password
            <input name="password" type="password" autocomplete="current-password" required></label>
            <button type="submit">Sign in</button>
            </form>
            {register}
            """))
        {
            LeadsTo = request.Return.RedirectUri,
        };
    }

    public HtmlPage Register(
        HttpContext http, Realm realm, AuthorizationRequest request, RegistrationForm form, string? alert = null,
        int status = StatusCodes.Status200OK) =>
        new(status, "Create an account", Html.Of(
            $"""
            <h1>Create an account</h1>
            <p class="quiet">to continue to {request.Client.Id}</p>
            {HtmlPage.Alert(alert)}
            <form method="post" action="{ActionOf(realm, RegisterAction)}">
            {Hidden(http, realm, request, RegisterAction)}
            <label>Username
            {UsernameField(form.Username)}</label>
            <label>E-mail
            <input name="email" type="email" value="{form.Email}" autocomplete="email" required></label>
            <div class="pair">
            <label>First name
            <input name="firstName" value="{form.FirstName}" autocomplete="given-name"></label>
            <label>Last name
            <input name="lastName" value="{form.LastName}" autocomplete="family-name"></label>
            </div>
            <label>Password
            <input name="password" type="password" autocomplete="new-password" required></label>
            <label>Password again
            <input name="password-confirm" type="password" autocomplete="new-password" required></label>
            <button type="submit">Create account</button>
            </form>
            {Foot("Have an account?", request.AddressWith(realm.Endpoint("auth"), prompt: null), "Sign in")}
            """))
        {
            LeadsTo = request.Return.RedirectUri,
        };

    private static Html Foot(string question, string address, string link) =>
        Html.Of($"""<p class="foot">{question} <a href="{address}">{link}</a></p>""");

    private static Html UsernameField(string? value) => Html.Of(
        $"""<input name="username" value="{value}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>""");

    private static string ActionOf(Realm realm, string action) => $"{new Uri(realm.Issuer).AbsolutePath}/{action}";

    private Html Hidden(HttpContext http, Realm realm, AuthorizationRequest request, string action) => Html.Join(
    [
        tokens.Issue(http, realm, request.Purpose(action)),
        .. request.Fields.Select(field => HtmlPage.Hidden(field.Name, field.Value)),
    ]);
}

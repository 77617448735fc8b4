using System.Text;
using System.Text.Encodings.Web;
using JanServer.McpTools.External.Servers;

namespace JanServer.McpTools.External.SignIn;

/// <summary>The two pages of a sign-in. They run nothing, load nothing and are shown in no frame.</summary>
internal static class SignInPages
{
    /// <summary>Asks whether to go on.</summary>
    public static IResult Confirm(HttpContext context, ExternalServer server, PendingSignIn signIn, string ticket)
    {
        var (label, host) = (Text(server.Label), Text(new Uri(server.Url!).Authority));
        var at = Text(signIn.Server.AuthorizationEndpoint.Authority);
        return Page(context, StatusCodes.Status200OK, "Connect a server",
            $"""
            <p>The tools of <b>{label}</b> ({host}) are to be used by the account <b>{Text(signIn.Account)}</b> of this JanServer.</p>
            <p>Go on only if that is your account and you asked for this: whoever has it can use what you allow at <b>{at}</b>.</p>
            <form method="post" action="start"><input type="hidden" name="ticket" value="{Text(ticket)}"><button>Go on to {at}</button></form>
            """);
    }

    /// <summary>Says that it is done.</summary>
    public static IResult Done(HttpContext context, ExternalServer server) => Page(
        context, StatusCodes.Status200OK, "Connected", $"<p><b>{Text(server.Label)}</b> is connected. You can close this page.</p>");

    /// <summary>Says why not.</summary>
    public static IResult Failed(HttpContext context, string reason) => Page(
        context, StatusCodes.Status400BadRequest, "Not connected", $"<p>{Text(reason)}</p><p>Ask for a new link to try again.</p>");

    private static IResult Page(HttpContext context, int status, string title, string body)
    {
        var headers = context.Response.Headers;

        // No form-action: browsers apply it to where the form redirects to, which is the authorization server.
        headers.ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        return Results.Text(
            $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1>{body}</html>",
            "text/html",
            Encoding.UTF8,
            status);
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}

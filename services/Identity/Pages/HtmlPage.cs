using System.Security.Cryptography;
using System.Text;

namespace JanServer.Identity.Pages;

/// <summary>
/// A page for a browser: no script, no frame, no foreign content, and nothing of it in a cache. Browsers hold the redirects that follow a
/// form to <c>form-action</c> too, so a page with a form names where that form may lead.
/// </summary>
internal sealed class HtmlPage(int status, string title, Html content) : IResult
{
    private static readonly string Style = ReadStyle();
    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    /// <summary>The address that the page's form leads back to, when it leaves this host.</summary>
    public string? LeadsTo { get; init; }

    public static HtmlPage Message(int status, string title, string text) => new(status, title, Html.Of(
        $"""
        <h1>{title}</h1>
        <p class="quiet">{text}</p>
        """));

    /// <summary>A hidden field.</summary>
    public static Html Hidden(string name, string value) => Html.Of($"""<input type="hidden" name="{name}" value="{value}">""");

    /// <summary>What went wrong, above a form.</summary>
    public static Html Alert(string? text) => text is null ? Html.None : Html.Of($"""<p class="alert" role="alert">{text}</p>""");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'sha256-{StyleHash}'; img-src data:; form-action 'self'{FormTarget()}; "
            + "base-uri 'none'; frame-ancestors 'none'";
        response.Headers.XFrameOptions = "DENY";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync(Document().Markup, httpContext.RequestAborted);
    }

    private Html Document() => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{title} - Jan</title>
        <link rel="icon" href="data:,">
        <style>{new Html(Style)}</style>
        </head>
        <body>
        <main>
        <p class="brand">Jan</p>
        {content}
        </main>
        </body>
        </html>
        """);

    private string FormTarget()
    {
        if (LeadsTo is null || !Uri.TryCreate(LeadsTo, UriKind.Absolute, out var uri))
        {
            return "";
        }

        return uri.Scheme is "http" or "https" ? $" {uri.GetLeftPart(UriPartial.Authority)}" : $" {uri.Scheme}:";
    }

    private static string ReadStyle()
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream("JanServer.Identity.Pages.page.css")
            ?? throw new InvalidOperationException("The style sheet is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

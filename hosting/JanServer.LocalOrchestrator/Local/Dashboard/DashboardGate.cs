using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>
/// Who may see the run: whoever knows the token. Another web site in the same browser may not, whatever it tries: the host name is
/// checked (DNS rebinding), no other origin is answered, and the cookie is neither sent from elsewhere nor readable by scripts.
/// </summary>
internal sealed class DashboardGate(string token, int port)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    private static readonly string[] Hosts = ["localhost", "127.0.0.1", "[::1]"];
    private static readonly string[] Open = ["/login", "/dashboard.css", "/icon.svg"];

    // Cookies do not know ports: without it, two runs side by side would log each other out.
    private readonly string _cookie = "jan-dashboard-" + port.ToString(CultureInfo.InvariantCulture);
    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        AddHeaders(context.Response.Headers);
        if (!Hosts.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return RefuseAsync(context, StatusCodes.Status400BadRequest, "This host name is not the dashboard's.");
        }

        if (!IsOwnOrigin(request))
        {
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "Another site may not ask this.");
        }

        if (Open.Contains(request.Path.Value, StringComparer.Ordinal) || IsKnown(request.Cookies[_cookie]))
        {
            return next(context);
        }

        return request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            ? RefuseAsync(context, StatusCodes.Status401Unauthorized, "Log in first.")
            : DashboardAssets.SendAsync(context, DashboardAssets.Login, StatusCodes.Status401Unauthorized);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", (RequestDelegate)(context =>
            context.Request.Query.TryGetValue("t", out var given)
                ? LoginAsync(context, given)
                : DashboardAssets.SendAsync(context, DashboardAssets.Login)));
        routes.MapPost("/login", (RequestDelegate)(async context =>
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
            await LoginAsync(context, form?["t"]);
        }));
    }

    private Task LoginAsync(HttpContext context, string? given)
    {
        if (!IsKnown(given?.Trim()))
        {
            return DashboardAssets.SendAsync(context, DashboardAssets.WrongToken, StatusCodes.Status401Unauthorized);
        }

        context.Response.Cookies.Append(_cookie, token, new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Path = "/",
            MaxAge = TimeSpan.FromDays(30),
        });

        // A page that goes on by itself rather than a redirect: one that began on another site would not carry the new cookie.
        return DashboardAssets.SendAsync(context, DashboardAssets.Welcome);
    }

    private bool IsKnown(string? given) => given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);

    // Pages and links come without an Origin; Sec-Fetch-Site tells them apart from what another site's page asks for in the background.
    private static bool IsOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            return origin == $"http://{request.Host}";
        }

        return HttpMethods.IsGet(request.Method)
            && (request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
                || request.Headers["Sec-Fetch-Mode"] == "navigate");
    }

    private static void AddHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        // Not no-referrer: with that a form would say that its origin is null.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}

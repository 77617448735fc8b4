using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Hosting.Local.Dashboard;

/// <summary>The pages, compiled into this assembly.</summary>
internal static class DashboardAssets
{
    public const string Login = "login.html";
    public const string WrongToken = "wrong-token.html";
    public const string Welcome = "welcome.html";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (RequestDelegate)(context => SendAsync(context, "index.html")));
        foreach (var name in (string[])["dashboard.css", "dashboard.js", "details-view.js", "elements.js", "log-view.js", "icon.svg"])
        {
            routes.MapGet("/" + name, (RequestDelegate)(context => SendAsync(context, name)));
        }
    }

    public static async Task SendAsync(HttpContext context, string name, int status = StatusCodes.Status200OK)
    {
        await using var content = typeof(DashboardAssets).Assembly.GetManifestResourceStream("dashboard/" + name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        context.Response.StatusCode = status;
        context.Response.ContentLength = content.Length;
        context.Response.ContentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Gateway.Edge;

/// <summary>What <c>/</c> answers: enough for a person or a program to find the way.</summary>
internal static class LandingPage
{
    private const string Json = """{"name":"JanServer","api":"/v1","documentation":"/api/swagger","health":"/healthz","readiness":"/readyz"}""";

    private const string Html = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>JanServer</title></head>
        <body>
        <h1>JanServer</h1>
        <p>The OpenAI-compatible API is at <code>/v1</code>. Sign in as a guest with <code>POST /auth/guest-login</code>.</p>
        <ul>
        <li><a href="/api/swagger">API documentation</a></li>
        <li><a href="/readyz">Readiness</a></li>
        </ul>
        </body>
        </html>
        """;

    public static void MapLandingPage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/", Show).AllowAnonymous().ExcludeFromDescription();

    private static ContentHttpResult Show(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Content(Html, "text/html; charset=utf-8")
            : TypedResults.Content(Json, "application/json; charset=utf-8");
}

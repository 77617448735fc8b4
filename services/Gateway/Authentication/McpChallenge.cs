using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Gateway.Authentication;

/// <summary>Tells MCP clients whose credential the gateway refuses where to sign in; see <see cref="ResourceChallenge"/>.</summary>
internal static class McpChallenge
{
    private static readonly string[] Resources = ["/mcp", "/v1/mcp"];

    /// <summary>Adds the challenge to a 401 of an MCP route.</summary>
    /// <param name="context">The request as the client spelled it.</param>
    /// <param name="refusal">Why it is refused.</param>
    /// <param name="publicUrl">Where clients reach the gateway; null for where this request did.</param>
    public static void AddTo(HttpContext context, ApiError refusal, Uri? publicUrl)
    {
        var request = context.Request;
        if (refusal.Status == StatusCodes.Status401Unauthorized
            && Array.Find(Resources, resource => request.Path.StartsWithSegments(resource, StringComparison.OrdinalIgnoreCase)) is { } resource
            && (publicUrl ?? AddressOf(request)) is { } url)
        {
            context.Response.Headers.WWWAuthenticate = ResourceChallenge.Of(url, resource, refusal.Code);
        }
    }

    private static Uri? AddressOf(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.ToUriComponent()}", UriKind.Absolute, out var url) ? url : null;
}

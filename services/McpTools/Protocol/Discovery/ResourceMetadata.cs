using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Authentication;

namespace JanServer.McpTools.Protocol.Discovery;

/// <summary>Tells MCP clients where to sign in (RFC 9728), before they have a credential and when the one they have is refused.</summary>
internal static class ResourceMetadata
{
    // How clients may spell the endpoint. The metadata must name the resource as its client does.
    private const string PublicPath = "/mcp";

    public static void MapResourceMetadata(this IEndpointRouteBuilder app)
    {
        Map("", PublicPath);
        Map(PublicPath, PublicPath);
        Map(ProtocolEndpoints.Path, ProtocolEndpoints.Path);

        void Map(string suffix, string resource) => app
            .MapGet(ResourceChallenge.MetadataPath + suffix, (HttpContext context, IOptions<ProtocolOptions> options, IConfiguration configuration) =>
            {
                context.Response.Headers.CacheControl = "public, max-age=300";

                // Not a secret, and a page must be able to read it before it has anything.
                context.Response.Headers.AccessControlAllowOrigin = "*";
                return TypedResults.Json(Of(options.Value, resource, configuration["Auth:Issuer"]), McpJson.TypeOf<ProtectedResourceMetadata>());
            })
            .AllowAnonymous()
            .ExcludeFromDescription();
    }

    /// <summary>Adds the challenge to every 401 of the MCP endpoint, whoever refuses. Comes before authentication.</summary>
    public static IApplicationBuilder UseResourceChallenge(this IApplicationBuilder app) => app.Use(next => context =>
    {
        if (context.Request.Path.StartsWithSegments(ProtocolEndpoints.Path, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.OnStarting(Challenge, context);
        }

        return next(context);
    });

    private static Task Challenge(object state)
    {
        var context = (HttpContext)state;
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            var url = context.RequestServices.GetRequiredService<IOptions<ProtocolOptions>>().Value.PublicUrl;
            context.Response.Headers.WWWAuthenticate = ResourceChallenge.Of(url, ProtocolEndpoints.Path, AuthenticationFailure.Get(context).Code);
        }

        return Task.CompletedTask;
    }

    private static ProtectedResourceMetadata Of(ProtocolOptions options, string resource, string? issuer) => new()
    {
        Resource = options.PublicUrl.AbsoluteUri.TrimEnd('/') + resource,
        AuthorizationServers = issuer is { Length: > 0 } ? [issuer] : [],
        ScopesSupported = [.. options.SignInScopes.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        BearerMethodsSupported = ["header"],
        ResourceName = "JanServer tools",
    };
}

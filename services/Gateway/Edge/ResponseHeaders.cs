using JanServer.ServiceDefaults.Requests;

namespace JanServer.Gateway.Edge;

/// <summary>
/// What every response says, whoever wrote it: the request id once, how browsers may treat it, and nothing about the software. Set
/// at the last moment, so that neither a service's answer nor an error page can lose it.
/// </summary>
internal static class ResponseHeaders
{
    // The API is no page: nothing it returns may run, load or be framed.
    private const string NoContent = "default-src 'none'; frame-ancestors 'none'";

    public static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app) => app.Use(next => context =>
    {
        context.Response.OnStarting(Finish, context);
        return next(context);
    });

    private static Task Finish(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers[RequestIds.HeaderName] = context.TraceIdentifier;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = NoContent;
        }

        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        headers.Remove("Server");
        headers.Remove("X-Powered-By");
        return Task.CompletedTask;
    }
}

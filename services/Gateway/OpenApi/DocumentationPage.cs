namespace JanServer.Gateway.OpenApi;

/// <summary>The combined document at <c>/api/swagger/doc.json</c> and the page that shows it at <c>/api/swagger</c>.</summary>
internal static class DocumentationPage
{
    private const string Root = "/api/swagger";
    private const string Document = Root + "/doc.json";

    // The page's bundle styles its elements in place and embeds its icons as data.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddDocumentation(this IServiceCollection services)
    {
        services.AddHttpClient(CombinedOpenApi.ClientName, client =>
        {
            client.Timeout = TimeSpan.FromSeconds(5);
            client.MaxResponseContentBufferSize = 16 << 20;
        });
        return services.AddSingleton<CombinedOpenApi>();
    }

    public static IApplicationBuilder UseDocumentation(this IApplicationBuilder app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase), page => page.Use(next => context =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        }));
        return app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = Root[1..];
            ui.DocumentTitle = "JanServer API";
            ui.SwaggerEndpoint(Document, "JanServer");
            ui.EnableTryItOutByDefault();
            ui.ConfigObject.PersistAuthorization = false;
        });
    }

    public static void MapDocumentation(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Document, GetAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task GetAsync(HttpContext context, CombinedOpenApi document)
    {
        var json = await document.GetAsync(context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}

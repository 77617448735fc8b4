namespace JanServer.Accounts.Auditing;

internal static class AuditRegistration
{
    private const int ClientClosedRequest = 499;

    public static IServiceCollection AddAuditing(this IServiceCollection services) =>
        services.AddScoped<AuditStore>().AddScoped<AuditTrail>().AddScoped<AuditWriter>();

    /// <summary>Records every request to an endpoint that gets past authorization.</summary>
    /// <param name="route">The endpoint.</param>
    /// <param name="action">What it does, such as <c>user.created</c>.</param>
    public static RouteHandlerBuilder Audited(this RouteHandlerBuilder route, string action)
    {
        var resourceType = action[..action.IndexOf('.', StringComparison.Ordinal)];
        return route.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var status = StatusCodes.Status500InternalServerError;
            try
            {
                var result = await next(context);
                status = StatusOf(result);
                return result;
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                status = ClientClosedRequest;
                throw;
            }
            finally
            {
                await http.RequestServices.GetRequiredService<AuditWriter>().WriteAsync(http, action, resourceType, status);
            }
        });
    }

    private static int StatusOf(object? result) => result switch
    {
        INestedHttpResult nested => StatusOf(nested.Result),
        IStatusCodeHttpResult { StatusCode: { } status } => status,
        _ => StatusCodes.Status200OK,
    };
}

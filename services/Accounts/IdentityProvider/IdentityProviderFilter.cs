using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>
/// Answers 502 on administration when the identity provider fails, down or not: clients of the reference API look for that status, and
/// as a result rather than an exception it is part of the audit log.
/// </summary>
internal sealed partial class IdentityProviderFilter(ILogger<IdentityProviderFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (IdentityProviderException e)
        {
            Log.Failed(logger, e);
            return ApiError.Upstream(
                e.IsDown
                    ? "The identity provider cannot be reached; try again."
                    : "The identity provider refused or failed. The request id finds the reason in the log.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The identity provider failed an administrator")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

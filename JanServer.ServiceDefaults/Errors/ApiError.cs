using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace JanServer.ServiceDefaults.Errors;

/// <summary>
/// An expected failure, as a result. Handlers return it; <see cref="ErrorEnvelope"/> alone decides how it looks.
/// </summary>
/// <param name="status">The HTTP status, 400 to 599.</param>
/// <param name="code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="message">What went wrong and what to do about it, for a person. Never holds secrets or internal names.</param>
/// <param name="param">The wire name of the field at fault, such as <c>messages[1].content</c>.</param>
/// <param name="retryAfter">When trying again makes sense; becomes <c>Retry-After</c> in whole seconds, rounded up.</param>
/// <param name="conflictsWith">The id of what is there already, for a client that wants to go on with that.</param>
public sealed class ApiError(
    int status, string code, string message, string? param = null, TimeSpan? retryAfter = null, string? conflictsWith = null)
    : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    /// <summary>The HTTP status, 400 to 599.</summary>
    public int Status => status;

    int? IStatusCodeHttpResult.StatusCode => status;

    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code => code;

    /// <summary>What went wrong, for a person.</summary>
    public string Message => message;

    /// <summary>The wire name of the field at fault, if one is.</summary>
    public string? Param => param;

    /// <summary>When trying again makes sense, if it does.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>The id of what is there already, if that is why.</summary>
    public string? ConflictsWith => conflictsWith;

    /// <summary>OpenAI's <c>error.type</c>, which follows from the status.</summary>
    public string Type => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>404: missing, or someone else's; the two look the same.</summary>
    public static ApiError NotFound(string what) =>
        new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"No {what} was found with that id.");

    /// <summary>404: no route has this path.</summary>
    public static ApiError NoRoute() =>
        new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, "There is no such route. See /api/swagger for those there are.");

    /// <summary>400: <paramref name="param"/> has a value it may not have.</summary>
    public static ApiError Invalid(string param, string message) =>
        new(StatusCodes.Status400BadRequest, ErrorCodes.InvalidValue, message, param);

    /// <summary>400: <paramref name="param"/> is absent.</summary>
    public static ApiError Missing(string param) =>
        new(StatusCodes.Status400BadRequest, ErrorCodes.MissingRequiredParameter, $"Missing required parameter: '{param}'.", param);

    /// <summary>401: the credential is absent or not good.</summary>
    public static ApiError Unauthorized(string message, string code = ErrorCodes.InvalidCredentials) =>
        new(StatusCodes.Status401Unauthorized, code, message);

    /// <summary>403: the credential does not reach this far.</summary>
    public static ApiError Forbidden(string message) =>
        new(StatusCodes.Status403Forbidden, ErrorCodes.PermissionDenied, message);

    /// <summary>409: the request contradicts what is stored, which <paramref name="conflictsWith"/> is the id of.</summary>
    public static ApiError Conflict(string message, string? param = null, string? conflictsWith = null) =>
        new(StatusCodes.Status409Conflict, ErrorCodes.Conflict, message, param, conflictsWith: conflictsWith);

    /// <summary>410: it was there and is no more.</summary>
    public static ApiError Gone(string message) => new(StatusCodes.Status410Gone, ErrorCodes.Gone, message);

    /// <summary>429: a limit is reached.</summary>
    public static ApiError TooManyRequests(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, ErrorCodes.RateLimitExceeded, message, retryAfter: retryAfter);

    /// <summary>502: the model's server failed.</summary>
    public static ApiError Upstream(string message) =>
        new(StatusCodes.Status502BadGateway, ErrorCodes.UpstreamError, message);

    /// <summary>503: a dependency is down or full for now.</summary>
    public static ApiError Unavailable(string message, TimeSpan? retryAfter = null) =>
        new(StatusCodes.Status503ServiceUnavailable, ErrorCodes.Unavailable, message, retryAfter: retryAfter);

    /// <summary>504: the model's server did not answer in time.</summary>
    public static ApiError UpstreamTimeout(string message) =>
        new(StatusCodes.Status504GatewayTimeout, ErrorCodes.UpstreamTimeout, message);

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => ErrorEnvelope.WriteAsync(httpContext, this);

    /// <inheritdoc/>
    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ErrorBody), ["application/json"]));
    }
}

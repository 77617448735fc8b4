using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace JanServer.Identity.Errors;

/// <summary>RFC 6749 section 5.2's error body.</summary>
public sealed record OAuthErrorBody(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string? ErrorDescription);

/// <summary>An expected failure of a protocol endpoint.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="error">RFC 6749's or RFC 6750's code.</param>
/// <param name="description">What went wrong; says nothing about whether an account exists.</param>
internal sealed class OAuthError(int status, string error, string? description) : IResult, IEndpointMetadataProvider
{
    public int Status => status;

    public string Error => error;

    public string? Description => description;

    /// <summary>Becomes <c>Retry-After</c> in seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Becomes <c>WWW-Authenticate</c>.</summary>
    public string? Challenge { get; init; }

    public static OAuthError InvalidRequest(string description) => new(StatusCodes.Status400BadRequest, "invalid_request", description);

    public static OAuthError InvalidGrant(string description) => new(StatusCodes.Status400BadRequest, "invalid_grant", description);

    public static OAuthError InvalidScope(string scope) =>
        new(StatusCodes.Status400BadRequest, "invalid_scope", $"Invalid scopes: {scope}");

    /// <summary>One answer for an unknown user, a wrong password, a disabled and a locked account.</summary>
    public static OAuthError InvalidCredentials() => new(StatusCodes.Status401Unauthorized, "invalid_grant", "Invalid user credentials");

    public static OAuthError InvalidClient(bool basic = false) =>
        new(StatusCodes.Status401Unauthorized, "invalid_client", "Invalid client or Invalid client credentials")
        {
            Challenge = basic ? "Basic realm=\"client\"" : null,
        };

    public static OAuthError UnauthorizedClient(string description) =>
        new(StatusCodes.Status400BadRequest, "unauthorized_client", description);

    public static OAuthError InvalidToken(string realm) =>
        new(StatusCodes.Status401Unauthorized, "invalid_token", "Token verification failed")
        {
            Challenge = $"Bearer realm=\"{realm}\", error=\"invalid_token\", error_description=\"Token verification failed\"",
        };

    public static OAuthError TooManyRequests() =>
        new(StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many failed attempts from this address; try again later.")
        {
            RetryAfterSeconds = 60,
        };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Challenge is { } challenge)
        {
            response.Headers.WWWAuthenticate = challenge;
        }

        return response.WriteAsJsonAsync(
            new OAuthErrorBody(error, description), IdentityJson.Default.OAuthErrorBody, contentType: null, httpContext.RequestAborted);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(OAuthErrorBody), ["application/json"]));
}

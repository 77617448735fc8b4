using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;

namespace JanServer.Identity.Errors;

/// <summary>The error body of Keycloak's admin API: <c>errorMessage</c> for what a person typed, <c>error</c> for everything else.</summary>
public sealed record AdminErrorBody(
    [property: JsonPropertyName("error")] string? Error = null,
    [property: JsonPropertyName("errorMessage")] string? ErrorMessage = null,
    [property: JsonPropertyName("field")] string? Field = null);

/// <summary>An expected failure of an admin endpoint.</summary>
internal sealed class AdminError(int status, AdminErrorBody body) : IResult, IEndpointMetadataProvider
{
    public int Status => status;

    public AdminErrorBody Body => body;

    public static AdminError NotFound(string error) => new(StatusCodes.Status404NotFound, new(error));

    public static AdminError Conflict(string message) => new(StatusCodes.Status409Conflict, new(ErrorMessage: message));

    public static AdminError Invalid(string message, string? field = null) =>
        new(StatusCodes.Status400BadRequest, new(ErrorMessage: message, Field: field));

    public static AdminError Unauthorized() => new(StatusCodes.Status401Unauthorized, new("HTTP 401 Unauthorized"));

    public static AdminError Forbidden() => new(StatusCodes.Status403Forbidden, new("HTTP 403 Forbidden"));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Bearer realm=\"master\"";
        }

        return httpContext.Response.WriteAsJsonAsync(body, IdentityJson.Default.AdminErrorBody, contentType: null, httpContext.RequestAborted);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(AdminErrorBody), ["application/json"]));
}

using Microsoft.AspNetCore.WebUtilities;

namespace JanServer.Identity.Errors;

/// <summary>
/// Renders what the framework reports (unknown routes, unreadable bodies, exceptions) the way Keycloak does. Registered ahead of
/// the house's writer, because clients of this host speak to Keycloak in every other deployment.
/// </summary>
internal sealed class KeycloakErrorWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = http.Response.StatusCode;
        var error = context.Exception is BadHttpRequestException { StatusCode: StatusCodes.Status404NotFound } missing
            ? missing.Message
            : status == StatusCodes.Status500InternalServerError
                ? "unknown_error"
                : $"HTTP {status} {ReasonPhrases.GetReasonPhrase(status)}";
        return new(http.Response.WriteAsJsonAsync(
            new AdminErrorBody(error), IdentityJson.Default.AdminErrorBody, contentType: null, http.RequestAborted));
    }
}

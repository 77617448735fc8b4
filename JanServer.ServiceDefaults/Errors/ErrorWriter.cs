using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.ServiceDefaults.Errors;

/// <summary>
/// Renders every failure that the framework reports — validation, binding, status pages, exceptions — as an <see cref="ApiError"/>.
/// </summary>
internal sealed class ErrorWriter(IEnumerable<IExceptionClassifier> classifiers) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context) => new(ErrorEnvelope.WriteAsync(context.HttpContext, From(context)));

    private ApiError From(ProblemDetailsContext context)
    {
        if (context.Exception is { } exception)
        {
            return Classify(exception);
        }

        var problem = context.ProblemDetails;
        if (problem is HttpValidationProblemDetails { Errors: { Count: > 0 } errors })
        {
            var (path, messages) = errors.First();
            return ApiError.Invalid(WireName(path), messages[0]);
        }

        return ForStatus(problem.Status ?? context.HttpContext.Response.StatusCode, problem);
    }

    private ApiError Classify(Exception exception)
    {
        if (exception is BadHttpRequestException bad)
        {
            return bad switch
            {
                { InnerException: JsonException json } => new(
                    bad.StatusCode,
                    ErrorCodes.InvalidJson,
                    "The request body is not the JSON that this endpoint reads.",
                    Path(json)),
                { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(
                    bad.StatusCode,
                    ErrorCodes.RequestTooLarge,
                    "The request body is larger than this endpoint takes."),
                { StatusCode: StatusCodes.Status415UnsupportedMediaType } => ForStatus(bad.StatusCode, problem: null),
                _ => new(bad.StatusCode, ErrorCodes.InvalidValue, bad.Message),
            };
        }

        foreach (var classifier in classifiers)
        {
            if (classifier.Classify(exception) is { } known)
            {
                return known;
            }
        }

        return ForStatus(StatusCodes.Status500InternalServerError, problem: null);
    }

    private static string? Path(JsonException json) =>
        json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;

    private static ApiError ForStatus(int status, ProblemDetails? problem) => status switch
    {
        StatusCodes.Status401Unauthorized => ApiError.Unauthorized(
            "Send an API key or an access token as 'Authorization: Bearer …'.",
            ErrorCodes.MissingCredentials),
        StatusCodes.Status403Forbidden => ApiError.Forbidden("This credential may not do that."),
        StatusCodes.Status404NotFound => ApiError.NoRoute(),
        StatusCodes.Status405MethodNotAllowed => new(status, ErrorCodes.MethodNotAllowed, "This route does not take that method."),
        StatusCodes.Status413PayloadTooLarge => new(status, ErrorCodes.RequestTooLarge, "The request body is larger than this endpoint takes."),
        StatusCodes.Status415UnsupportedMediaType => new(
            status,
            ErrorCodes.UnsupportedMediaType,
            "The body must be sent as 'Content-Type: application/json'."),
        StatusCodes.Status503ServiceUnavailable => ApiError.Unavailable("The server cannot answer this now; try again.", TimeSpan.FromSeconds(1)),
        >= 500 => new(status, ErrorCodes.InternalError, "The server failed. The request id finds the reason in its log."),
        _ => new(status, ErrorCodes.InvalidValue, problem?.Detail ?? problem?.Title ?? "The request cannot be served."),
    };

    /// <summary>Built-in validation reports C# paths (<c>Parts[1].SizeBytes</c>); clients know <c>parts[1].size_bytes</c>.</summary>
    private static string WireName(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}

using System.Net;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.ServiceDefaults.Resilience;

/// <summary>A dependency that is down is not a bug: the caller is told to try again.</summary>
internal sealed class UnreachableServices : IExceptionClassifier
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public ApiError? Classify(Exception exception) =>
        exception is ServiceUnreachableException or HttpRequestException { StatusCode: >= HttpStatusCode.InternalServerError }
            ? ApiError.Unavailable("A service that this request needs is not available; try again.", RetryAfter)
            : null;
}

using System.Net;
using Polly;
using Polly.Timeout;

namespace JanServer.ServiceDefaults.Resilience;

/// <summary>What may be sent twice, and what is worth it.</summary>
internal static class Repetition
{
    private const string IdempotencyKey = "Idempotency-Key";

    private static readonly HashSet<HttpMethod> Idempotent =
        [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Put, HttpMethod.Delete];

    /// <summary>RFC 9110 section 9.2.2, or the caller vouches for it with an idempotency key.</summary>
    public static bool IsAllowed(HttpRequestMessage request) =>
        Idempotent.Contains(request.Method) || request.Headers.Contains(IdempotencyKey);

    public static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };
}

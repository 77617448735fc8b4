using System.Net;
using System.Net.Sockets;
using JanServer.ServiceDefaults.Errors;
using Yarp.ReverseProxy.Forwarder;

namespace JanServer.Gateway.Forwarding;

/// <summary>What the failures of an exchange with a service mean to the client, before the first byte.</summary>
internal static class ForwardingErrors
{
    /// <summary>Whether no connection came about, so that the service has seen nothing and asking again repeats nothing.</summary>
    public static bool NothingWasSent(IForwarderErrorFeature failure) =>
        failure.Error is ForwarderError.NoAvailableDestinations
        || (failure is { Error: ForwarderError.Request, Exception: HttpRequestException exception } && IsConnectFailure(exception));

    /// <summary>The answer, or null when the client has gone and there is no one to answer.</summary>
    public static ApiError? ToApiError(IForwarderErrorFeature failure, string service, long maxBodyBytes) => failure switch
    {
        { Error: ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled } => null,
        { Error: ForwarderError.RequestTimedOut } => ApiError.UpstreamTimeout($"The service {service} did not answer in time."),
        { Exception: { } exception } when IsTooLarge(exception) => BodyLimits.TooLarge(maxBodyBytes),
        { Error: ForwarderError.RequestBodyClient } => new(
            StatusCodes.Status400BadRequest,
            ErrorCodes.InvalidValue,
            "The request body broke off before its end."),
        _ when NothingWasSent(failure) => ApiError.Unavailable($"The service {service} is down or starting; try again.", TimeSpan.FromSeconds(1)),
        _ => ApiError.Upstream($"The service {service} ended the connection before it answered."),
    };

    /// <summary>Whether an answer that had begun was ended by the service rather than by a client that hung up.</summary>
    public static bool IsTheServices(IForwarderErrorFeature failure) => failure.Error
        is ForwarderError.ResponseHeaders
        or ForwarderError.ResponseBodyDestination
        or ForwarderError.UpgradeRequestDestination
        or ForwarderError.UpgradeResponseDestination;

    private static bool IsConnectFailure(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        && exception.InnerException is SocketException { SocketErrorCode: not SocketError.OperationAborted };

    private static bool IsTooLarge(Exception exception) =>
        exception is BadHttpRequestException { StatusCode: (int)HttpStatusCode.RequestEntityTooLarge }
        || (exception.InnerException is { } inner && IsTooLarge(inner))
        || (exception is AggregateException several && several.InnerExceptions.Any(IsTooLarge));
}

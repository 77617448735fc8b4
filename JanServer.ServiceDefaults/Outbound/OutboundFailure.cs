using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;

namespace JanServer.ServiceDefaults.Outbound;

/// <summary>Why a request to an address that a user supplied has no answer.</summary>
public enum OutboundFailure
{
    /// <summary>The URL is not http or https, or carries a password.</summary>
    BadUrl,

    /// <summary>The host is unknown or not to be reached.</summary>
    Refused,

    /// <summary>The host does not answer, or what it answers is no HTTP.</summary>
    Unreachable,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>The answer is larger than allowed.</summary>
    TooLarge,

    /// <summary>One redirect too many, from https to http, or one that would carry a body to another origin.</summary>
    BadRedirect,
}

/// <summary>Says failures to whoever sent the URL.</summary>
public static class OutboundFailures
{
    /// <summary>400 for what the URL's sender can change, 502 or 504 for what its host did.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="param">The field that held the URL.</param>
    public static ApiError ToApiError(this OutboundFailure failure, string param) => failure switch
    {
        OutboundFailure.BadUrl => ApiError.Invalid(param, "The URL must begin with http:// or https:// and carry no user or password."),
        OutboundFailure.Refused => ApiError.Invalid(param, "The host of the URL is unknown, or its address may not be reached from this server."),
        OutboundFailure.TooLarge => ApiError.Invalid(param, "What the URL leads to is too large."),
        OutboundFailure.BadRedirect => ApiError.Invalid(param, "The URL redirects too often or to where it may not."),
        OutboundFailure.TimedOut => new(
            StatusCodes.Status504GatewayTimeout, ErrorCodes.UpstreamTimeout, "The host of the URL took too long.", param),
        _ => new(StatusCodes.Status502BadGateway, ErrorCodes.UpstreamError, "The host of the URL did not answer.", param),
    };
}

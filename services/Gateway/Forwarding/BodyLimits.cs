using System.Globalization;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace JanServer.Gateway.Forwarding;

/// <summary>How large a request body may be, by service.</summary>
internal static class BodyLimits
{
    /// <summary>
    /// Refuses a body that is announced to be too large before a byte of it is read; one without an announced length is cut off
    /// when it exceeds the limit.
    /// </summary>
    public static ApiError? Apply(HttpContext context, long maxBytes)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            return TooLarge(maxBytes);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature && feature.MaxRequestBodySize != maxBytes)
        {
            feature.MaxRequestBodySize = maxBytes;
        }

        return null;
    }

    public static ApiError TooLarge(long maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge,
        ErrorCodes.RequestTooLarge,
        $"The request body is larger than the {maxBytes.ToString(CultureInfo.InvariantCulture)} bytes that this route takes.");
}

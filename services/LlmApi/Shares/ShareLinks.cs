using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Shares;

/// <summary>
/// Makes the addresses of shares: where the operator says that the public reaches the gateway, else where this request did. What
/// the gateway says about that counts only beside a caller token, which nobody else can make.
/// </summary>
internal sealed class ShareLinks(IOptions<SharesOptions> options)
{
    public string Of(HttpContext context, string slug) => $"{BaseOf(context)}/v1/public/shares/{slug}";

    private string BaseOf(HttpContext context)
    {
        if (options.Value.PublicBaseUrl is { } configured)
        {
            return configured.AbsoluteUri.TrimEnd('/');
        }

        var request = context.Request;
        return FromGateway(context, "X-Forwarded-Host") is { } host
            ? $"{(FromGateway(context, "X-Forwarded-Proto") == "https" ? "https" : "http")}://{host}"
            : $"{request.Scheme}://{request.Host}";
    }

    private static string? FromGateway(HttpContext context, string header) =>
        context.Request.Headers.ContainsKey(CallerTokens.HeaderName) && Caller.Of(context) is not null
        && context.Request.Headers[header].ToString() is { Length: > 0 } value
            ? value[(value.LastIndexOf(',') + 1)..].Trim()
            : null;
}

using JanServer.Gateway.Addresses;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.RateLimits;
using Microsoft.Extensions.Options;

namespace JanServer.Gateway.RateLimits;

/// <summary>
/// Decides which limits a request meets: first its address, before anything is looked up for it, then its credential or, without
/// one, what it wants to do.
/// </summary>
internal sealed class EdgeLimits(IOptions<RateLimitOptions> options, IRateLimiter limiter)
{
    private const string GuestLoginPath = "/auth/guest-login";

    private readonly RateLimitPolicy _address = new("address", options.Value.PerAddress);
    private readonly RateLimitPolicy _credential = new("credential", options.Value.PerCredential);
    private readonly RateLimitPolicy _guest = new("guest", options.Value.PerGuest);
    private readonly RateLimitPolicy _anonymous = new("anonymous", options.Value.PerAnonymous);
    private readonly RateLimitPolicy _guestLogin = new("guest-login", options.Value.GuestLogin);

    /// <summary>Counts a request of an address; the error refuses it.</summary>
    public ValueTask<ApiError?> ByAddressAsync(HttpContext context) => TakeAsync(context, _address, ClientPeer.Of(context).LimitedAs);

    /// <summary>Counts a request of a caller, or of an address that wants to become one; the error refuses it.</summary>
    public ValueTask<ApiError?> ByCallerAsync(HttpContext context, Caller? caller, string? callerId) => caller switch
    {
        { IsGuest: true } => TakeAsync(context, _guest, callerId!),
        not null => TakeAsync(context, _credential, callerId!),
        null => TakeAsync(
            context,
            context.Request.Path.Equals(GuestLoginPath, StringComparison.OrdinalIgnoreCase) ? _guestLogin : _anonymous,
            ClientPeer.Of(context).LimitedAs),
    };

    private async ValueTask<ApiError?> TakeAsync(HttpContext context, RateLimitPolicy policy, string client)
    {
        if (!policy.IsOn)
        {
            return null;
        }

        var answer = await limiter.TakeAsync(policy.KeyOf(client), policy.Limit, permits: 1, context.RequestAborted);
        RateLimitHeaders.Write(context.Response.Headers, policy, answer);
        return answer.IsAllowed
            ? null
            : ApiError.TooManyRequests(
                $"Limit of {policy.LimitText} requests per minute reached ({policy.Name}). Slow down and try again.",
                answer.RetryAfter);
    }
}

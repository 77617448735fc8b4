using System.Globalization;
using JanServer.ServiceDefaults.RateLimits;

namespace JanServer.Gateway.RateLimits;

/// <summary>Tells the client where it stands, in the IETF's draft form and in the one OpenAI's clients know.</summary>
internal static class RateLimitHeaders
{
    public static void Write(IHeaderDictionary headers, RateLimitPolicy policy, RateLimitResult answer)
    {
        var left = answer.Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Limit"] = policy.LimitText;
        headers["RateLimit-Remaining"] = left;
        headers["RateLimit-Reset"] = ((long)Math.Ceiling(answer.ResetAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Policy"] = policy.PolicyText;
        headers["x-ratelimit-limit-requests"] = policy.LimitText;
        headers["x-ratelimit-remaining-requests"] = left;
        headers["x-ratelimit-reset-requests"] = Duration(answer.ResetAfter);
    }

    /// <summary>A duration as Go writes it, which is what OpenAI sends: <c>120ms</c>, <c>6s</c>, <c>1m30s</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        var milliseconds = (long)Math.Ceiling(duration.TotalMilliseconds);
        if (milliseconds < 1000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        }

        var seconds = (milliseconds + 999) / 1000;
        return seconds < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds}s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60}s");
    }
}

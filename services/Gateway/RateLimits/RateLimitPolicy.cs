using System.Globalization;
using JanServer.ServiceDefaults.RateLimits;

namespace JanServer.Gateway.RateLimits;

/// <summary>A limit with a name; requests are counted by what it limits.</summary>
internal sealed class RateLimitPolicy(string name, Rate rate)
{
    /// <summary>The first part of its counters' keys.</summary>
    public string Name => name;

    /// <summary>What the limiter counts against.</summary>
    public RateLimit Limit => RateLimit.PerMinute(rate.PerMinute);

    /// <summary>False when the operator has switched it off.</summary>
    public bool IsOn => rate.PerMinute > 0;

    /// <summary>The value of <c>RateLimit-Limit</c>.</summary>
    public string LimitText { get; } = rate.PerMinute.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of <c>RateLimit-Policy</c>.</summary>
    public string PolicyText { get; } = string.Create(CultureInfo.InvariantCulture, $"{rate.PerMinute};w=60");

    /// <summary>The counter of one client of this policy.</summary>
    public string KeyOf(string client) => $"gateway:{name}:{client}";
}

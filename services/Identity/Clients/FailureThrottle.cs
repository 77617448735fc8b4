using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using JanServer.Identity.Realms;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Clients;

/// <summary>
/// Counts failed attempts per address, in this process: a replica takes its own share. Successes are free, so that a service which
/// signs in many guests from one address is not slowed down. Guessing at one account is stopped by the lockout in the database.
/// </summary>
internal sealed class FailureThrottle(IOptions<RealmOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = options.Value.Throttle.FailuresPerMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }));

    public bool IsExhausted(HttpContext http)
    {
        using var lease = _limiter.AttemptAcquire(AddressOf(http), permitCount: 0);
        return !lease.IsAcquired;
    }

    public void Count(HttpContext http) => _limiter.AttemptAcquire(AddressOf(http)).Dispose();

    public void Dispose() => _limiter.Dispose();

    /// <summary>An IPv6 customer owns a /64 at least, so that is what counts as one address.</summary>
    private static string AddressOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}

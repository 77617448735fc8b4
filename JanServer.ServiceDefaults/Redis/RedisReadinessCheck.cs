using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanServer.ServiceDefaults.Redis;

/// <summary>Asks Redis for a sign of life. It being away degrades a host and does not stop it.</summary>
internal sealed class RedisReadinessCheck(RedisClient redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.ExecuteAsync(RedisCommand.Of("PING"), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (RedisException exception)
        {
            return HealthCheckResult.Degraded(exception.Message);
        }
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanServer.Sandbox.Isolation;

/// <summary>The service is ready when it can isolate.</summary>
internal sealed class IsolationCheck(Availability availability, Programs programs) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await availability.WhyNotAsync(cancellationToken) is { } why ? HealthCheckResult.Unhealthy(why)
        : programs.Python is null ? HealthCheckResult.Degraded("python3 is not installed")
        : HealthCheckResult.Healthy();
}

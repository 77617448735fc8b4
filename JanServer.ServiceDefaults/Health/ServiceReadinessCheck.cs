using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanServer.ServiceDefaults.Health;

/// <summary>Asks another service whether it is ready.</summary>
internal sealed class ServiceReadinessCheck(IHttpClientFactory clients, string service) : IHealthCheck
{
    /// <summary>The name of the HTTP client that asks this service.</summary>
    public static string NameFor(string service) => $"readiness-{service}";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var client = clients.CreateClient(NameFor(service));
        try
        {
            using var response = await client.GetAsync(
                new Uri($"http://{service}{HealthDefaults.ReadyPath}"),
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken);
            return response.IsSuccessStatusCode
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, $"{service} answers {(int)response.StatusCode}");
        }
        catch (HttpRequestException)
        {
            return new(context.Registration.FailureStatus, $"{service} cannot be reached");
        }
    }
}

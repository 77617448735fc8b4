using System.Net.Sockets;
using JanServer.Gateway.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanServer.Gateway.Edge;

/// <summary>
/// Whether any replica of a service accepts connections. Deliberately not its <c>/readyz</c>: a service that is up but lacks
/// something answers for itself, and the gateway can still serve the rest.
/// </summary>
internal sealed class Reachability(ServiceAddresses addresses, string service) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        SocketException? failure = null;
        foreach (var address in addresses.Of(service))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address.Host, address.Port, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
        }

        return new(context.Registration.FailureStatus, $"{service} accepts no connection", failure);
    }
}

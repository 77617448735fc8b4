using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local;

/// <summary>Asks a running resource's health checks: often until they pass for the first time, seldom afterwards.</summary>
internal sealed class HealthProbe(
    IResource resource, ResourceMonitor monitor, TimeSpan startTimeout, Func<CancellationToken, Task> onFirstReady)
{
    private const int FailuresUntilUnhealthy = 3;
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PerCheck = TimeSpan.FromSeconds(5);

    // Loopback only: no proxy, no cookies, and a connection is not kept from a process that is replaced.
    private static readonly HttpClient Http = new(
        new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = PerCheck,
    };

    private readonly HttpHealthAnnotation[] _checks = [.. resource.Annotations.OfType<HttpHealthAnnotation>()];
    private bool _wasReady;

    /// <summary>Runs beside one life of the process, until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        var failures = 0;
        var healthy = false;
        while (!ct.IsCancellationRequested)
        {
            var error = await CheckAsync(ct);
            if (error is null)
            {
                failures = 0;
                if (!healthy)
                {
                    healthy = true;
                    monitor.Update(resource.Name, s => s with
                    {
                        State = KnownResourceStates.Running,
                        Health = HealthStatus.Healthy,
                        Reason = null,
                        IsLate = false,
                    });
                    await ReadyAsync(ct);
                }
            }
            else if (healthy && ++failures >= FailuresUntilUnhealthy)
            {
                healthy = false;
                monitor.Update(resource.Name, s => s with
                {
                    State = KnownResourceStates.RuntimeUnhealthy,
                    Health = HealthStatus.Unhealthy,
                    Reason = error,
                });
            }
            else if (!healthy)
            {
                var late = !_wasReady && started.Elapsed > startTimeout;
                monitor.Update(resource.Name, s => s with
                {
                    Health = HealthStatus.Unhealthy,
                    IsLate = s.IsLate || late,
                    Reason = late ? $"not healthy {startTimeout.TotalSeconds:0} s after its start: {error}" : error,
                });
            }

            await Task.Delay(healthy && failures == 0 ? Calm : Eager, ct);
        }
    }

    private async Task ReadyAsync(CancellationToken ct)
    {
        if (!_wasReady)
        {
            _wasReady = true;
            await onFirstReady(ct);
        }
    }

    /// <returns>Null when every check passes, else which one failed and how.</returns>
    private async Task<string?> CheckAsync(CancellationToken ct)
    {
        if (resource is RedisResource redis)
        {
            return await ConnectAsync(redis.PrimaryEndpoint, ct);
        }

        foreach (var check in _checks)
        {
            var url = UrlOf(check);
            try
            {
                using var response = await Http.GetAsync(url, HttpCompletionOption.ResponseContentRead, ct);
                if ((int)response.StatusCode != check.StatusCode)
                {
                    var body = await response.Content.ReadAsStringAsync(ct);
                    return $"GET {url} answered {(int)response.StatusCode}{(body.Length == 0 ? "" : ": " + Shorten(body))}";
                }
            }
            catch (HttpRequestException exception)
            {
                return $"GET {url}: {exception.Message}";
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return $"GET {url}: no answer within {PerCheck.TotalSeconds:0} s";
            }
        }

        return null;
    }

    private static async Task<string?> ConnectAsync(EndpointReference endpoint, CancellationToken ct)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(endpoint.Host, endpoint.Port, ct);
            return null;
        }
        catch (SocketException exception)
        {
            return $"{endpoint.Url}: {exception.Message}";
        }
    }

    private string UrlOf(HttpHealthAnnotation check)
    {
        var endpoint = resource.Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(e => check.EndpointName is null ? e.UriScheme == "http" : e.Name == check.EndpointName)
            ?? throw new DistributedApplicationException(
                $"{resource.Name} has a health check at {check.Path} but no endpoint '{check.EndpointName ?? "http"}'.");
        return new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name).Url + check.Path;
    }

    private static string Shorten(string body)
    {
        var line = body.ReplaceLineEndings(" ").Trim();
        return line.Length > 200 ? line[..200] + "..." : line;
    }
}

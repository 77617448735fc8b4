using System.Runtime.CompilerServices;
using Aspire.Hosting.Local;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Lets code wait for what happens to resources.</summary>
public class ResourceNotificationService
{
    private readonly ResourceMonitor _monitor;
    private readonly IResourceCollection _resources;

    internal ResourceNotificationService(ResourceMonitor monitor, IResourceCollection resources)
    {
        _monitor = monitor;
        _resources = resources;
    }

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var states = targetStates.ToArray();
        var status = await WaitAsync(resourceName, s => states.Contains(s.State, StringComparer.OrdinalIgnoreCase), cancellationToken);
        return status.State;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default) =>
        ToEvent(await WaitAsync(resourceName, s => predicate(ToEvent(s)), cancellationToken));

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    /// <exception cref="DistributedApplicationException">It failed, ended or took too long, and the behaviour is to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var stop = waitBehavior == WaitBehavior.StopOnResourceUnavailable;
        var status = await WaitAsync(resourceName, s => s.IsReady || (stop && Unavailable(s)), cancellationToken);
        return status.IsReady
            ? ToEvent(status)
            : throw new DistributedApplicationException(WaitFailure.Describe(status, _monitor.LogOf(resourceName)));
    }

    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var status in _monitor.WatchAsync(cancellationToken))
        {
            yield return ToEvent(status);
        }
    }

    private static bool Unavailable(ResourceStatus status) =>
        status.IsLate || status.IsSkipped || KnownResourceStates.TerminalStates.Contains(status.State);

    private Task<ResourceStatus> WaitAsync(string name, Func<ResourceStatus, bool> condition, CancellationToken ct) =>
        _resources.Any(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase))
            ? _monitor.WaitAsync(name, condition, ct)
            : throw new ArgumentException($"There is no resource named '{name}'.", nameof(name));

    private ResourceEvent ToEvent(ResourceStatus status) =>
        new(
            _resources.Single(r => r.Name == status.Name),
            status.Name,
            new CustomResourceSnapshot
            {
                ResourceType = status.Type,
                State = status.State,
                ExitCode = status.ExitCode,
                StartTimeStamp = status.StartedAt?.UtcDateTime,
                HealthStatus = status.Health,
            });
}

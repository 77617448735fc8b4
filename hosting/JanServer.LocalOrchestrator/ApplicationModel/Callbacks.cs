namespace Aspire.Hosting.ApplicationModel;

public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext,
    Dictionary<string, object>? environmentVariables = null,
    CancellationToken cancellationToken = default)
{
    /// <summary>Values are text, or value providers that are asked when the resource starts.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;
}

/// <summary>A resource is running and all its health checks passed for the first time.</summary>
public class ResourceReadyEvent(IResource resource, IServiceProvider services)
{
    public IResource Resource { get; } = resource;

    public IServiceProvider Services { get; } = services;
}

public enum WaitBehavior
{
    WaitOnResourceUnavailable,
    StopOnResourceUnavailable,
}

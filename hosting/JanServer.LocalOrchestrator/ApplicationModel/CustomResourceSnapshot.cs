using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known about a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    public required string ResourceType { get; init; }

    public ResourceStateSnapshot? State { get; init; }

    public int? ExitCode { get; init; }

    public DateTime? StartTimeStamp { get; init; }

    /// <summary>Null while the resource is not running.</summary>
    public HealthStatus? HealthStatus { get; internal init; }
}

public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}

public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource { get; } = resource;

    public string ResourceId { get; } = resourceId;

    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

public static class KnownResourceStates
{
    public static readonly string NotStarted = "NotStarted";

    public static readonly string Waiting = "Waiting";

    public static readonly string Starting = "Starting";

    public static readonly string Running = "Running";

    public static readonly string Stopping = "Stopping";

    public static readonly string Exited = "Exited";

    public static readonly string Finished = "Finished";

    public static readonly string FailedToStart = "FailedToStart";

    public static readonly string RuntimeUnhealthy = "RuntimeUnhealthy";

    public static readonly string Active = "Active";

    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

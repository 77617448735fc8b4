using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Local;

/// <summary>What the console, the dashboard and the tests see of a resource at one moment.</summary>
internal sealed record ResourceStatus(string Name, string Type)
{
    /// <summary>One of KnownResourceStates.</summary>
    public string State { get; init; } = ApplicationModel.KnownResourceStates.NotStarted;

    /// <summary>Null while it does not run.</summary>
    public HealthStatus? Health { get; init; }

    /// <summary>Why it is in this state, for people.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<string> Urls { get; init; } = [];

    public string? Parent { get; init; }

    public int? ProcessId { get; init; }

    public int Restarts { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>It did not become ready within its time; whoever waits for it gives up.</summary>
    public bool IsLate { get; init; }

    /// <summary>It never runs in local mode.</summary>
    public bool IsSkipped { get; init; }

    public bool IsReady => Health == HealthStatus.Healthy;
}

namespace JanServer.Data;

/// <summary>The names of this library's metrics.</summary>
public static class DataMetrics
{
    /// <summary>The meter of this library; Npgsql's own is <c>Npgsql</c>.</summary>
    public const string MeterName = "JanServer.Data";

    /// <summary>Histogram: rows in one transaction of a batch writer.</summary>
    public const string FlushedRows = "jan.writer.flushed_rows";

    /// <summary>Gauge: rows that wait in a batch writer.</summary>
    public const string QueuedRows = "jan.writer.queued_rows";

    /// <summary>Counter: failed attempts (<c>jan.writer.outcome</c> = <c>retried</c>) and rows lost (<c>lost</c>).</summary>
    public const string WriteFailures = "jan.writer.failures";

    internal static readonly KeyValuePair<string, object?> Retried = new("jan.writer.outcome", "retried");
    internal static readonly KeyValuePair<string, object?> Lost = new("jan.writer.outcome", "lost");
}

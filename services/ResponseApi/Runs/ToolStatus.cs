namespace JanServer.ResponseApi.Runs;

/// <summary>Values of <see cref="ToolExecution.Status"/>.</summary>
internal static class ToolStatus
{
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Failed = "failed";

    /// <summary>Timed out.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>Stopped, or never made because a limit was reached.</summary>
    public const string Cancelled = "cancelled";
}

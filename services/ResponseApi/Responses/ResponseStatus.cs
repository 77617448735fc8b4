namespace JanServer.ResponseApi.Responses;

/// <summary>The words for how a response is.</summary>
internal static class ResponseStatus
{
    public const string Queued = "queued";
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Incomplete = "incomplete";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    /// <summary>Whether nothing more happens.</summary>
    public static bool IsFinal(string status) => status is Completed or Incomplete or Failed or Cancelled;
}

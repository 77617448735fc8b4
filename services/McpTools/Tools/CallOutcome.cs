using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tools;

/// <summary>What became of a call.</summary>
/// <param name="Result">What the model reads.</param>
/// <param name="Status">One of <see cref="CallStatus"/>.</param>
/// <param name="Failure">One of <see cref="CallFailure"/>; null when it succeeded.</param>
internal sealed record CallOutcome(CallToolResult Result, string Status, string? Failure = null)
{
    /// <summary>Whether the tool was asked at all: otherwise nothing happened, and the same call may be made again.</summary>
    public bool HasRun => Status is not CallStatus.Refused;

    public static CallOutcome Of(CallToolResult result) =>
        result.IsError == true ? new(result, CallStatus.Failed, CallFailure.Tool) : new(result, CallStatus.Succeeded);

    /// <summary>The tool was not asked.</summary>
    public static CallOutcome Refused(string failure, string message) => new(ToolResults.Error(message), CallStatus.Refused, failure);

    /// <summary>Nobody waits for it any more.</summary>
    public static CallOutcome Cancelled(string tool) => new(
        ToolResults.Error($"The call of '{tool}' was cancelled."), CallStatus.Cancelled, CallFailure.Cancelled);

    /// <summary>The tool was asked and did not answer as it should.</summary>
    public static CallOutcome Failed(string failure, string message) => new(ToolResults.Error(message), CallStatus.Failed, failure);
}

/// <summary>How calls end, in ledger and metrics.</summary>
internal static class CallStatus
{
    public const string Succeeded = "ok";
    public const string Failed = "failed";
    public const string Refused = "refused";
    public const string Cancelled = "cancelled";

    public static readonly IReadOnlyList<string> All = [Succeeded, Failed, Refused, Cancelled];
}

/// <summary>Why calls fail, in ledger and metrics.</summary>
internal static class CallFailure
{
    /// <summary>The tool says so.</summary>
    public const string Tool = "tool_error";

    /// <summary>An administrator switched the tool off.</summary>
    public const string SwitchedOff = "switched_off";

    /// <summary>The tool cannot work as this deployment is configured.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The arguments do not satisfy the tool's schema.</summary>
    public const string Arguments = "invalid_arguments";

    /// <summary>The user has too many calls at once.</summary>
    public const string Busy = "busy";

    /// <summary>The tool did not end in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>A service or the database that the tool needs is away.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The tool was refused by protocol, such as by an external server.</summary>
    public const string Protocol = "protocol_error";

    /// <summary>A bug of ours; the log has it.</summary>
    public const string Internal = "internal_error";

    /// <summary>The client left, or this process stops.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Whoever ran the call before is gone, and nobody knows how far it came.</summary>
    public const string Unknown = "outcome_unknown";
}

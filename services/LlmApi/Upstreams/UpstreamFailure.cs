using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Upstreams;

/// <summary>Why one attempt at one provider gave no answer.</summary>
/// <param name="Error">What the client is told if no other attempt succeeds.</param>
/// <param name="Reason">For logs and metrics; a word of a closed set.</param>
/// <param name="CountsAgainst">Whether it speaks against the provider's health.</param>
/// <param name="TriesOthers">Whether another provider may do better.</param>
/// <param name="TriesAgain">Whether the same provider may do better a moment later.</param>
internal sealed record UpstreamFailure(ApiError Error, string Reason, bool CountsAgainst, bool TriesOthers, bool TriesAgain)
{
    public static UpstreamFailure Unreachable { get; } = new(
        ApiError.Unavailable("The model's server cannot be reached for now; try again.", TimeSpan.FromSeconds(1)), "unreachable", true, true, true);

    public static UpstreamFailure Timeout { get; } = new(
        ApiError.UpstreamTimeout("The model's server did not answer in time."), "timeout", true, true, false);

    public static UpstreamFailure Ended { get; } = new(
        ApiError.Upstream("The model's server ended its answer too early."), "ended", true, true, true);

    public static UpstreamFailure Stalled { get; } = new(
        ApiError.UpstreamTimeout("The model's server paused for too long within its answer."), "stalled", true, false, false);

    public static UpstreamFailure Stopping { get; } = new(
        ApiError.Unavailable("This server is being restarted; send the request again.", TimeSpan.FromSeconds(1)), "stopping", false, false, false);

    public static UpstreamFailure Garbage { get; } = new(
        ApiError.Upstream("The model's server sent something that is not an answer."), "garbage", true, true, false);

    public static UpstreamFailure TooLarge { get; } = new(
        ApiError.Upstream("The model's server sent an answer larger than this server takes."), "too_large", false, false, false);

    public static UpstreamFailure FromStatus(int status, ApiError error) => status switch
    {
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => new(error, "credentials", true, true, false),
        StatusCodes.Status404NotFound => new(error, "not_found", false, true, false),
        StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => new(error, "timeout", true, true, false),
        StatusCodes.Status429TooManyRequests => new(error, "rate_limited", false, true, false),
        >= 500 => new(error, "server_error", true, true, true),
        >= 400 => new(error, "refused", false, false, false),
        _ => new(error, "unexpected_status", true, true, false),
    };

    /// <summary>An answer of 200, or an event, that says it is an error.</summary>
    public static UpstreamFailure FromBody(ApiError error) =>
        error.Status >= 500 ? new(error, "server_error", true, true, false) : new(error, "refused", false, false, false);
}

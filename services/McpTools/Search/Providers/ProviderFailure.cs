namespace JanServer.McpTools.Search.Providers;

/// <summary>Why a provider gave nothing. Never holds what the provider wrote: that may repeat our key.</summary>
/// <param name="Reason">The kind, also the metrics' status.</param>
/// <param name="Status">The HTTP status, if there was one.</param>
internal sealed record ProviderFailure(ProviderFailureReason Reason, int? Status = null)
{
    /// <summary>Says more than <see cref="Reason"/> does, in words of ours.</summary>
    public string? Detail { get; init; }

    /// <summary>For whoever called the tool.</summary>
    public string Describe() => Detail ?? Reason switch
    {
        ProviderFailureReason.TimedOut => "took too long",
        ProviderFailureReason.Unreachable => "could not be reached",
        ProviderFailureReason.CircuitOpen => "failed too often lately and is left alone for a while",
        ProviderFailureReason.RateLimited => "has had too many requests (429)",
        ProviderFailureReason.Denied => $"refused our key or its plan (status {Status})",
        ProviderFailureReason.Rejected => $"did not accept the request (status {Status})",
        ProviderFailureReason.Failed => $"failed (status {Status})",
        ProviderFailureReason.TooLarge => "answered with more than is read",
        ProviderFailureReason.Empty => "found nothing",
        ProviderFailureReason.Unsupported => "cannot do that",
        _ => "answered with what cannot be read",
    };

    /// <summary>What a status that is no success means.</summary>
    public static ProviderFailure OfStatus(int status) => new(
        status switch
        {
            408 or 504 => ProviderFailureReason.TimedOut,
            429 => ProviderFailureReason.RateLimited,

            // Tavily says with 432 and 433 that a plan is used up.
            401 or 402 or 403 or 432 or 433 => ProviderFailureReason.Denied,
            >= 500 => ProviderFailureReason.Failed,
            _ => ProviderFailureReason.Rejected,
        },
        status);
}

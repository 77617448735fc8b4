using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Calls;

/// <summary>How calls are kept and reported. Bound from <c>McpTools:Calls</c>.</summary>
public sealed class CallOptions
{
    /// <summary>Days that calls stay in the ledger: 1 to 36500; for ever unless told.</summary>
    [Range(1, 36_500)]
    public int? RetentionDays { get; set; }

    /// <summary>Hours that the result of a call with an idempotency key is kept: 1 to 720.</summary>
    [Range(1, 720)]
    public int KeyHours { get; set; } = 24;

    /// <summary>Seconds of silence after which a process that runs a call with an idempotency key is taken for dead: 3 to 600.</summary>
    [Range(3, 600)]
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>The largest result that is kept, in bytes of JSON: 1 KiB to 64 MiB.</summary>
    [Range(1 << 10, 64 << 20)]
    public int MaxResultBytes { get; set; } = 4 << 20;

    /// <summary>Whether conversations are told what became of their calls. The reference's <c>MCP_TRACKING_ENABLED</c> sets it too.</summary>
    public bool Tracking { get; set; } = true;

    /// <summary>How often a conversation is tried to be told: 1 to 100.</summary>
    [Range(1, 100)]
    public int MaxReports { get; set; } = 12;

    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    internal TimeSpan KeyLifetime => TimeSpan.FromHours(KeyHours);
}

[OptionsValidator]
internal sealed partial class CallOptionsValidator : IValidateOptions<CallOptions>;

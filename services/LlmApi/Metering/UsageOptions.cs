using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Metering;

/// <summary>How usage is kept. Bound from <c>Usage</c>.</summary>
public sealed class UsageOptions
{
    /// <summary>How often a replica says that it lives, and looks after those that do not.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a replica must be silent to be given up; several heartbeats.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ReplicaTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After how many days the record of a request is deleted; never unless told. What records add up to stays.</summary>
    [Range(1, 36500)]
    public int? RetentionDays { get; set; }
}

[OptionsValidator]
internal sealed partial class UsageOptionsValidator : IValidateOptions<UsageOptions>;

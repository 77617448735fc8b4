using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Upstreams;

/// <summary>How providers are connected to and retried. Bound from <c>Upstreams</c>.</summary>
public sealed class UpstreamOptions
{
    /// <summary>How long a TCP and TLS connection may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many providers of one model a request tries.</summary>
    [Range(1, 10)]
    public int MaxProviders { get; set; } = 3;

    /// <summary>How many endpoints of one provider a request tries.</summary>
    [Range(1, 10)]
    public int MaxEndpoints { get; set; } = 3;

    /// <summary>The longest pause before an endpoint is asked a second time; the actual one is random.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a provider that failed five times in a row is left alone the first time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often providers are asked for their models, and so whether they are well; by one replica for all.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan ListingPeriod { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the replica that asks providers may be silent before another takes over.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a replica looks whether providers or the catalogue have changed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan ReloadPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a listing of models may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ListingTimeout { get; set; } = TimeSpan.FromSeconds(5);
}

[OptionsValidator]
internal sealed partial class UpstreamOptionsValidator : IValidateOptions<UpstreamOptions>;

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Shutdown;

/// <summary>How a host stops. Bound from <c>Shutdown</c>.</summary>
public sealed class ShutdownOptions
{
    /// <summary>
    /// How long running requests and streams may go on after the process was told to stop: 0 to 10 minutes, 8 seconds unless told. The
    /// AppHost kills after 10 seconds; a deployment sets its grace period at least two seconds longer than this.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(8);
}

[OptionsValidator]
internal sealed partial class ShutdownOptionsValidator : IValidateOptions<ShutdownOptions>;

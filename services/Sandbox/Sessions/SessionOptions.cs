using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace JanServer.Sandbox.Sessions;

/// <summary>How many interpreters are kept and for how long. Bound from <c>Sandbox:Sessions</c>.</summary>
public sealed class SessionOptions
{
    /// <summary>How many interpreters are kept: 0 to 1000. Each may hold a run's memory.</summary>
    [Range(0, 1000)]
    public int Max { get; set; } = 16;

    /// <summary>How many of them one owner may have: 1 to 1000. With one more, the one unused for longest ends.</summary>
    [Range(1, 1000)]
    public int MaxPerOwner { get; set; } = 2;

    /// <summary>Seconds after its last use that an interpreter ends: 1 to 86400.</summary>
    [Range(1, 86_400)]
    public int IdleSeconds { get; set; } = 600;

    /// <summary>Seconds after its beginning that an interpreter ends at the latest: 1 to 604800.</summary>
    [Range(1, 604_800)]
    public int MaxSeconds { get; set; } = 14_400;

    /// <summary>Seconds that a request waits for others in the same session: 1 to 3600; then it is refused with 409.</summary>
    [Range(1, 3600)]
    public int TurnSeconds { get; set; } = 60;

    /// <summary>Processor time that each process of an interpreter may use in all, in seconds: 1 to 86400.</summary>
    [Range(1, 86_400)]
    public int CpuSeconds { get; set; } = 900;
}

[OptionsValidator]
internal sealed partial class SessionOptionsValidator : IValidateOptions<SessionOptions>;

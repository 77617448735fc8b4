using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Local;

/// <summary>
/// Configuration section <c>LocalOrchestrator</c>; <c>DcpPublisher:RandomizePorts</c> is the official name of that switch.
/// </summary>
internal sealed record OrchestratorOptions
{
    /// <summary>Where data, secrets and logs go; default is <c>.jan</c> next to the solution.</summary>
    public string? StateFolder { get; init; }

    /// <summary>How long a started resource may take until it is healthy, or finished if others wait for its completion.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How long everything together may take to stop before what is left is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>Fixed ports are ignored: several runs at once never collide.</summary>
    public bool RandomizePorts { get; init; }

    /// <summary>No progress on the console.</summary>
    public bool Quiet { get; init; }

    /// <summary>False when the data is thrown away after the run, which makes the database faster.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>The state folder is removed when the run ends.</summary>
    public bool RemoveState { get; init; }

    /// <summary>Whether the run can be watched in a browser.</summary>
    public bool Dashboard { get; init; } = true;

    public int DashboardPort { get; init; } = 18888;

    public static OrchestratorOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("LocalOrchestrator");
        var defaults = new OrchestratorOptions();
        return new()
        {
            StateFolder = section[nameof(StateFolder)],
            StartTimeout = Seconds(section["StartTimeoutSeconds"], defaults.StartTimeout),
            StopTimeout = Seconds(section["StopTimeoutSeconds"], defaults.StopTimeout),
            RandomizePorts = Flag(configuration["DcpPublisher:RandomizePorts"], false),
            Quiet = Flag(section[nameof(Quiet)], false),
            Durable = Flag(section[nameof(Durable)], true),
            RemoveState = Flag(section[nameof(RemoveState)], false),
            Dashboard = Flag(section[nameof(Dashboard)], true),
            DashboardPort = Number(configuration["Ports:dashboard"])
                ?? (defaults.DashboardPort + (Number(configuration["Ports:offset"]) ?? 0)),
        };
    }

    private static int? Number(string? text) =>
        string.IsNullOrEmpty(text)
            ? null
            : int.Parse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture);

    private static bool Flag(string? text, bool fallback) => text is null ? fallback : bool.Parse(text);

    private static TimeSpan Seconds(string? text, TimeSpan fallback) =>
        text is null ? fallback : TimeSpan.FromSeconds(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}

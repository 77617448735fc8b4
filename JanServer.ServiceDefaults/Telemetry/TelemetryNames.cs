namespace JanServer.ServiceDefaults.Telemetry;

/// <summary>What is listened to. A service's own sources and meters begin with <see cref="Prefix"/> and are found by that.</summary>
public static class TelemetryNames
{
    /// <summary>How the name of every <c>ActivitySource</c> and <c>Meter</c> of ours begins, such as <c>JanServer.LlmApi</c>.</summary>
    public const string Prefix = "JanServer.";

    /// <summary>The span attribute that holds the request id of logs and responses.</summary>
    public const string RequestId = "jan.request_id";

    internal static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Yarp.ReverseProxy", Prefix + "*"];

    internal static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Diagnostics",
        "System.Net.Http",
        "System.Runtime",
        "Npgsql",
        Prefix + "*",
    ];
}

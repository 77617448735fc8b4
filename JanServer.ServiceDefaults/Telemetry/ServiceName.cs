using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace JanServer.ServiceDefaults.Telemetry;

/// <summary>What this service is called: its resource name in the AppHost, which arrives as <c>OTEL_SERVICE_NAME</c>.</summary>
public sealed class ServiceName(IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>The name, such as <c>llm-api</c>; the assembly's name when the host was started by hand.</summary>
    public string Value { get; } = configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : environment.ApplicationName;
}

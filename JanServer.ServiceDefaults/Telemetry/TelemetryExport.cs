using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace JanServer.ServiceDefaults.Telemetry;

/// <summary>Owns the trace and metric pipelines, which the absent package OpenTelemetry.Extensions.Hosting would own.</summary>
internal sealed class TelemetryExport(IConfiguration configuration, ServiceName name) : IHostedService, IDisposable
{
    // A collector that hangs must not eat the time in which the process has to be gone.
    private const int FlushMilliseconds = 1000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // By default the builders see environment variables only, not the host's configuration.
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => resource.AddServiceOf(name.Value))
            .AddSource(TelemetryNames.Sources)
            .AddOtlpExporter()
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(resource => resource.AddServiceOf(name.Value))
            .AddMeter(TelemetryNames.Meters)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush(FlushMilliseconds);
        _metrics?.ForceFlush(FlushMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}

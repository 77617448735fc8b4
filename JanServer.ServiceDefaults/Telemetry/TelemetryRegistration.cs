using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace JanServer.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to; the other <c>OTEL_*</c> settings of the
/// OpenTelemetry specification (protocol, headers, sampler, resource attributes, delays) apply as documented there.
/// </summary>
internal static class TelemetryRegistration
{
    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The spans and metrics of a request say the same as its four log lines, at a fraction of the cost.
    private static readonly string[] QuietCategories =
        ["Microsoft.AspNetCore", "System.Net.Http.HttpClient", "Yarp.ReverseProxy", "Microsoft.EntityFrameworkCore", "Npgsql"];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<LoggerFilterOptions>(options =>
        {
            foreach (var category in QuietCategories)
            {
                // First, so that a rule of the configuration for the same category wins.
                options.Rules.Insert(0, new(null, category, LogLevel.Warning, null));
            }
        });

        // Without it, ASP.NET Core's server spans carry no method, path or address.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        if (builder.Configuration[EndpointSetting] is not { Length: > 0 })
        {
            return;
        }

        var name = new ServiceName(builder.Configuration, builder.Environment).Value;

        // Registered first, therefore stopped last: what the others do while they stop is still exported.
        builder.Services.AddSingleton<IHostedService, TelemetryExport>();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.SetResourceBuilder(ResourceBuilder.CreateDefault().AddServiceOf(name));
            logs.AddOtlpExporter();
        });
    }

    public static ResourceBuilder AddServiceOf(this ResourceBuilder resource, string name) => resource.AddService(
        name,
        serviceVersion: Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        autoGenerateServiceInstanceId: false);
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace JanServer.ServiceDefaults.Tests.Telemetry;

public sealed class GrpcExportTests
{
    [Fact]
    public async Task Without_a_protocol_telemetry_is_exported_over_gRPC()
    {
        var calls = new ConcurrentBag<string>();
        await using var collector = await TestHost.StartBareAsync(
            app => app.Run(context =>
            {
                calls.Add(context.Request.Path);
                context.Response.ContentType = "application/grpc";
                context.Response.AppendTrailer("grpc-status", "0");
                return Task.CompletedTask;
            }),
            builder => builder.WebHost.ConfigureKestrel(kestrel =>
                kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)));

        await using (var host = await TestHost.StartAsync(settings: [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.ToString())]))
        {
            Assert.Equal(404, (int)(await host.Client.GetAsync("/")).StatusCode);
            await host.StopAsync(CancellationToken.None);
        }

        Assert.Contains("/opentelemetry.proto.collector.trace.v1.TraceService/Export", calls);
        Assert.Contains("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", calls);
    }
}

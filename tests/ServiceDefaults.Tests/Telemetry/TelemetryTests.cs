using System.Diagnostics.Metrics;
using System.Net;
using JanServer.ServiceDefaults.Resilience;
using JanServer.ServiceDefaults.Tests.Resilience;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanServer.ServiceDefaults.Tests.Telemetry;

/// <summary>
/// One host that does a little of everything and stops; what the collector has then must tell the story. Spans are listened to by
/// the whole process, so what tests beside this one do arrives too.
/// </summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private const ulong Server = 2;
    private const ulong Client = 3;

    private OtlpReceiver _collector = null!;

    public async Task InitializeAsync()
    {
        _collector = await OtlpReceiver.StartAsync();
        await using var service = await ScriptedService.StartAsync();
        await using var host = await TestHost.StartAsync(
            builder => builder.Services.AddServiceClient<ServiceClientTests.ThingsClient>("things"),
            app =>
            {
                app.MapGet("/things/{id}", async (string id, ServiceClientTests.ThingsClient things, CancellationToken ct) =>
                    await things.Http.GetStringAsync(new Uri($"/stock/{id}", UriKind.Relative), ct)).AllowAnonymous();
                app.MapGet("/broken", string () => throw new InvalidOperationException("bug")).AllowAnonymous();
            },
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Address.ToString()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_SERVICE_NAME", "things-api"),
                ("OTEL_METRIC_EXPORT_INTERVAL", "600000"),
                ("OTEL_BSP_SCHEDULE_DELAY", "600000"),
                ("OTEL_BLRP_SCHEDULE_DELAY", "600000"),
                ("CallerToken:Key", new string('k', 40)),
                ("services:things:http:0", service.Address.ToString()),
            ]);
        host.Client.DefaultRequestHeaders.Add("X-Request-Id", "req-7");
        using var meter = new Meter("JanServer.Things");
        meter.CreateCounter<int>("things.counted").Add(1);
        host.Services.GetRequiredService<ILogger<TelemetryTests>>().LogWarning("Seven {Things}", "swans");

        await host.Client.GetStringAsync("/things/17?secret=x");
        Assert.Equal(HttpStatusCode.InternalServerError, (await host.Client.GetAsync("/broken")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/nowhere/at/all")).StatusCode);
        await host.Client.GetStringAsync("/healthz");
        await host.Client.GetStringAsync("/readyz");
        await host.StopAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public void A_request_is_a_span_named_by_method_and_route()
    {
        var span = Assert.Single(_collector.Spans, span => span.Name == "GET /things/{id}");

        Assert.Equal(Server, span.Kind);
        Assert.Equal("/things/{id}", span.Attributes["http.route"]);
        Assert.Equal("GET", span.Attributes["http.request.method"]);
        Assert.Equal("200", span.Attributes["http.response.status_code"]);
        Assert.Equal("/things/17", span.Attributes["url.path"]);
        Assert.Equal("req-7", span.Attributes["jan.request_id"]);
        Assert.DoesNotContain(span.Attributes, attribute => attribute.Value.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_call_of_another_service_is_part_of_the_same_trace()
    {
        var server = Assert.Single(_collector.Spans, span => span.Name == "GET /things/{id}");

        var client = Assert.Single(_collector.Spans, span =>
            span.Kind == Client && span.TraceId == server.TraceId && span.Attributes["url.full"].EndsWith("/stock/17", StringComparison.Ordinal));
        Assert.Equal("200", client.Attributes["http.response.status_code"]);
    }

    [Fact]
    public void A_failed_request_keeps_its_route_and_names_its_error()
    {
        var span = Assert.Single(_collector.Spans, span => span.Name == "GET /broken");

        Assert.Equal("500", span.Attributes["http.response.status_code"]);
        Assert.Equal(typeof(InvalidOperationException).FullName, span.Attributes["error.type"]);
    }

    [Fact]
    public void An_unknown_route_does_not_make_a_name() =>
        Assert.Equal("GET", Assert.Single(_collector.Spans, span => span.Attributes.GetValueOrDefault("url.path") == "/nowhere/at/all").Name);

    [Fact]
    public void Probes_and_the_export_itself_leave_no_spans()
    {
        Assert.DoesNotContain(_collector.Spans, span => span.Attributes.GetValueOrDefault("url.path") is "/healthz" or "/readyz");
        Assert.DoesNotContain(
            _collector.Spans,
            span => span.Attributes.GetValueOrDefault("url.full", "").StartsWith(_collector.Address.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http.server.request.duration")]
    [InlineData("http.client.request.duration")]
    [InlineData("kestrel.active_connections")]
    [InlineData("dotnet.gc.heap.total_allocated")]
    [InlineData("things.counted")]
    public void Metrics_of_the_runtime_the_server_the_clients_and_our_own_are_exported(string metric) =>
        Assert.Contains(metric, _collector.Metrics);

    [Fact]
    public void Logs_are_exported() => Assert.Contains("Seven swans", _collector.Logs);

    [Fact]
    public void Everything_says_which_service_it_is_from() => Assert.All(_collector.Resources, name => Assert.Equal("things-api", name));
}

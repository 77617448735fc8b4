using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JanServer.ServiceDefaults.Tests.Telemetry;

/// <summary>Receives OTLP over HTTP (opentelemetry-proto 1.x) on a real Kestrel.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Signal, Protobuf Message)> _received = new();
    private TestHost _host = null!;

    public Uri Address => _host.Address;

    public IEnumerable<string> Resources =>
        _received.SelectMany(item => item.Message.All(1, 1)).Select(resource => resource.Attributes(1)["service.name"]);

    public IReadOnlyList<Span> Spans =>
        [.. Of("traces").SelectMany(message => message.All(1, 2, 2)).Select(span => new Span(
            span.All(5).Single().Text,
            span.Number(6),
            Convert.ToHexStringLower(span.All(1).Single().Bytes),
            span.Attributes(9)))];

    public IEnumerable<string> Metrics => Of("metrics").SelectMany(message => message.All(1, 2, 2, 1)).Select(name => name.Text);

    public IEnumerable<string> Logs => Of("logs").SelectMany(message => message.All(1, 2, 2, 5, 1)).Select(body => body.Text);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        receiver._host = await TestHost.StartBareAsync(app => app.MapPost("/v1/{signal}", receiver.ReceiveAsync));
        return receiver;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private IEnumerable<Protobuf> Of(string signal) => _received.Where(item => item.Signal == signal).Select(item => item.Message);

    private async Task ReceiveAsync(string signal, HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _received.Enqueue((signal, new(body.ToArray())));
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <param name="Name">The span's name.</param>
    /// <param name="Kind">2 is a server, 3 a client.</param>
    /// <param name="TraceId">Lower-case hex.</param>
    /// <param name="Attributes">Strings and integers.</param>
    internal sealed record Span(string Name, ulong Kind, string TraceId, IReadOnlyDictionary<string, string> Attributes);
}

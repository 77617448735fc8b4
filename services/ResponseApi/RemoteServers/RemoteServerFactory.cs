using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.RemoteServers;

/// <summary>Makes clients of MCP servers that requests name. All share guarded connections, and nothing else: no cookies, no sessions.</summary>
internal sealed class RemoteServerFactory(
    GuardedHandlers handlers, IOptions<RemoteServerOptions> options, TimeProvider clock, ILoggerFactory logs) : IDisposable
{
    private readonly BoundedAnswers _handler = new(handlers.Create(), options.Value.MaxAnswerBytes);

    /// <param name="label">What the request calls it.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="param">The field with its URL, for errors.</param>
    public RemoteServer Server(string label, RemoteAddress address, string param) =>
        new(label, address, param, () => new(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, options.Value, clock, logs);

    public void Dispose() => _handler.Dispose();
}

using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Dispatch;

/// <summary>
/// The SDK's log without what is no failure of ours: it calls an answer to a client's mistake an unhandled exception, and writes the
/// message, which may repeat what the client sent.
/// </summary>
internal sealed class SdkLoggers(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Quiet(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The host's factory outlives the SDK's server.
    }

    private sealed class Quiet(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull =>
            inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not (McpException or InputRequiredException or OperationCanceledException))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}

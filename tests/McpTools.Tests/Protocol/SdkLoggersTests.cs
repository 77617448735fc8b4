using System.Collections.Concurrent;
using JanServer.McpTools.Protocol.Dispatch;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;

namespace JanServer.McpTools.Tests.Protocol;

public sealed class SdkLoggersTests
{
    [Fact]
    public void The_mistakes_of_clients_are_no_errors_of_the_log_and_ours_are()
    {
        var written = new ConcurrentQueue<string>();
        using var inner = LoggerFactory.Create(logging => logging.AddProvider(new Capture(written)));
        using var loggers = new SdkLoggers(inner);
        var logger = loggers.CreateLogger("ModelContextProtocol.Server");

        Write(logger, new McpProtocolException("'q': what the client wrote", McpErrorCode.InvalidParams));
        Write(logger, new OperationCanceledException());
        Assert.Empty(written);

        Write(logger, new InvalidOperationException("a fault"));
        Assert.Single(written);
    }

    private static void Write(ILogger logger, Exception exception) =>
        logger.Log(LogLevel.Error, 1, "unhandled", exception, (state, _) => state);

    private sealed class Capture(ConcurrentQueue<string> written) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            written.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}

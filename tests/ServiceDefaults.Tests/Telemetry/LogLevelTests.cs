using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanServer.ServiceDefaults.Tests.Telemetry;

public sealed class LogLevelTests
{
    private const string Category = "Microsoft.AspNetCore.Hosting.Diagnostics";

    [Theory]
    [InlineData(null, false)]
    [InlineData("Information", true)]
    public async Task Requests_are_logged_only_when_configured(string? level, bool logged)
    {
        using var records = new Records();
        await using var host = await TestHost.StartAsync(
            builder => builder.Logging.AddProvider(records),
            settings: level is null ? [] : [("Logging:LogLevel:Microsoft.AspNetCore", level)]);

        await host.Client.GetStringAsync("/healthz");
        host.Services.GetRequiredService<ILogger<LogLevelTests>>().LogInformation("ours");

        Assert.Contains(typeof(LogLevelTests).FullName, records.Categories);
        Assert.Equal(logged, records.Categories.Contains(Category));
    }

    private sealed class Records : ILoggerProvider
    {
        public ConcurrentQueue<string?> Categories { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, Categories);

        public void Dispose()
        {
        }
    }

    private sealed class Recorder(string category, ConcurrentQueue<string?> categories) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            categories.Enqueue(category);
    }
}

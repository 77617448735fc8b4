using System.Collections.Concurrent;
using System.Net;
using JanServer.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace JanServer.Gateway.Tests.Forwarding;

public sealed class LoggingTests
{
    [Fact]
    public async Task A_client_that_hangs_up_is_no_warning_and_a_service_that_breaks_off_is_one()
    {
        await using var gateway = new Factory();
        await gateway.InitializeAsync();
        var gone = new TaskCompletionSource();
        gateway.LlmApi.Always("/v1/tests/hang/up", async exchange =>
        {
            await exchange.EventAsync("{}");
            await exchange.ClientGone;
            gone.SetResult();
        });
        gateway.LlmApi.Always("/v1/tests/break/off", exchange =>
        {
            exchange.Abort();
            return Task.CompletedTask;
        });
        using var client = gateway.ClientWith(gateway.NewKey());

        var response = await client.GetAsync(new Uri("/v1/tests/hang/up", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead).Soon();
        response.Dispose();
        await gone.Task.Soon();
        await client.ErrorAsync(HttpStatusCode.BadGateway, "/v1/tests/break/off");

        var warning = Assert.Single(gateway.Warnings);
        Assert.Contains("llm-api did not answer", warning, StringComparison.Ordinal);
    }

    private sealed class Factory : GatewayFactory
    {
        public ConcurrentQueue<string> Warnings { get; } = new();

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureLogging(logging => logging.AddProvider(new Recorder(Warnings)));
        }
    }

    private sealed class Recorder(ConcurrentQueue<string> warnings) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                warnings.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}

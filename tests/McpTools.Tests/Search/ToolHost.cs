using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Json.Schema;
using JanServer.McpTools.Scraping;
using JanServer.McpTools.Search;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Outbound;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Tests.Search;

/// <summary>Search and scraping as the service registers them, with an upstream that plays everybody else.</summary>
internal sealed class ToolHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ToolHost(FakeUpstream upstream, Dictionary<string, string?> settings, HostLookup? names)
    {
        Upstream = upstream;
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(names ?? ((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])));
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new LogCapture(Logs)));
        services.AddSearch().AddScraping();
        _services = services.BuildServiceProvider();
    }

    public FakeUpstream Upstream { get; }

    public FakeClock Clock { get; } = new();

    /// <summary>Everything that was logged.</summary>
    public ConcurrentQueue<string> Logs { get; } = new();

    /// <summary>What was said on the way, by all calls.</summary>
    public ProgressCapture Progress { get; } = new();

    public ITool Tool(string name) => _services.GetServices<ITool>().Single(tool => tool.Definition.Name == name);

    /// <summary>Starts a host. In a setting's value, <c>{url}</c> is the upstream's address and <c>{port}</c> its port.</summary>
    public static Task<ToolHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(null, settings);

    public static async Task<ToolHost> StartAsync(HostLookup? names, params (string Key, string Value)[] settings)
    {
        var upstream = await FakeUpstream.StartAsync();
        var port = upstream.BaseAddress.Port.ToString(CultureInfo.InvariantCulture);
        var all = settings.ToDictionary(
            setting => setting.Key,
            string? (setting) => setting.Value
                .Replace("{url}", $"http://127.0.0.1:{port}", StringComparison.Ordinal)
                .Replace("{port}", port, StringComparison.Ordinal),
            StringComparer.OrdinalIgnoreCase);

        // Nobody waits longer than it takes.
        all.TryAdd("Providers:RetryDelayMilliseconds", "1");
        foreach (var (provider, search, scrape) in new[] { ("Serper", "search", "scrape"), ("Tavily", "search", "extract"), ("Exa", "search", "contents") })
        {
            all.TryAdd($"Providers:{provider}:SearchUrl", $"http://127.0.0.1:{port}/{provider.ToLowerInvariant()}/{search}");
            all.TryAdd($"Providers:{provider}:ScrapeUrl", $"http://127.0.0.1:{port}/{provider.ToLowerInvariant()}/{scrape}");
        }

        return new(upstream, all, names);
    }

    /// <summary>Calls a tool with arguments that its schema must allow; what it answers must be as its output schema says.</summary>
    public async Task<CallToolResult> CallAsync(string name, string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        var tool = Tool(name);
        AssertFits(tool.Definition.InputSchema, document.RootElement);
        var result = await tool.CallAsync(new(name, TestCallers.User(), document.RootElement.Clone()) { Progress = Progress }, CancellationToken.None).AsTask().Soon();
        if (result.IsError != true)
        {
            AssertFits(tool.Definition.OutputSchema!.Value, result.StructuredContent!.Value);
            Assert.Equal(result.StructuredContent.Value.GetRawText(), Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        }

        return result;
    }

    /// <summary>Calls a tool that must succeed.</summary>
    public async Task<JsonElement> AnswerAsync(string name, string arguments)
    {
        var result = await CallAsync(name, arguments);
        Assert.True(result.IsError != true, TextOf(result));
        return result.StructuredContent!.Value;
    }

    /// <summary>Calls a tool that must fail, and returns what it says.</summary>
    public async Task<string> ErrorAsync(string name, string arguments)
    {
        var result = await CallAsync(name, arguments);
        Assert.True(result.IsError, result.StructuredContent?.GetRawText());
        Assert.Null(result.StructuredContent);
        return TextOf(result);
    }

    /// <summary>The paths that were asked for, in order.</summary>
    public IEnumerable<string> Paths => Upstream.Requests.Select(request => request.Path.Split('?')[0]);

    /// <summary>The values of an instrument that is observed.</summary>
    public IReadOnlyDictionary<string, int> Gauge(string instrument)
    {
        var values = new ConcurrentDictionary<string, int>();
        using var listener = Listen(instrument);
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => values[$"{tags[0].Value}"] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }

    /// <summary>Hears a counter's tags from now on.</summary>
    public (MeterListener Listener, ConcurrentQueue<string> Heard) Counter(string instrument)
    {
        var heard = new ConcurrentQueue<string>();
        var listener = Listen(instrument);
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var text = new List<string>();
            foreach (var tag in tags)
            {
                text.Add($"{tag.Value}");
            }

            heard.Enqueue(string.Join(' ', text));
        });
        listener.Start();
        return (listener, heard);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private MeterListener Listen(string instrument)
    {
        var ours = _services.GetRequiredService<IMeterFactory>().Create("JanServer.McpTools");
        return new()
        {
            InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument && ReferenceEquals(published.Meter, ours))
                {
                    listener.EnableMeasurementEvents(published);
                }
            },
        };
    }

    private static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;

    private static void AssertFits(JsonElement schema, JsonElement value)
    {
        var evaluation = JsonSchema.FromText(schema.GetRawText()).Evaluate(value, new() { OutputFormat = OutputFormat.List });
        Assert.True(evaluation.IsValid, $"{value.GetRawText()} does not fit: {JsonSerializer.Serialize(evaluation)}");
    }

    internal sealed class ProgressCapture : IProgress<ProgressNotificationValue>
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public void Report(ProgressNotificationValue value) => Said.Enqueue($"{value.Progress}/{value.Total} {value.Message}");
    }

    private sealed class LogCapture(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}

using JanServer.Contracts.Tools;

namespace JanServer.McpTools.Settings;

/// <summary>
/// What llm-api says about the tools, asked again after <see cref="Lifetime"/> by one call for all. While llm-api is away the last answer
/// is valid; before the first one, our own defaults are.
/// </summary>
internal sealed partial class SettingsCache(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SettingsCache> logger)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>How long llm-api is left alone after it could not be asked.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // A caller waits no longer than this for news; the question goes on and its answer serves the next one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private ActiveSettings _settings = ActiveSettings.Ours;
    private DateTimeOffset _validUntil = DateTimeOffset.MinValue;
    private Task? _asking;

    /// <summary>The settings, at most <see cref="Lifetime"/> old while llm-api answers.</summary>
    public async ValueTask<ActiveSettings> GetAsync(CancellationToken ct)
    {
        Task asking;
        lock (_lock)
        {
            if (clock.GetUtcNow() < _validUntil)
            {
                return _settings;
            }

            // Starts on the pool, without the current request: the answer is for everyone.
            asking = _asking ??= Task.Factory.StartNew(AskAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        }

        await Task.WhenAny(asking, Task.Delay(Patience, ct));
        ct.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return _settings;
        }
    }

    private async Task AskAsync()
    {
        ActiveSettings? found = null;
        try
        {
            using var deadline = new CancellationTokenSource(AskTimeout);
            await using var scope = scopes.CreateAsyncScope();
            var active = await scope.ServiceProvider.GetRequiredService<ToolSettingsClient>().ListAsync(deadline.Token);
            found = ActiveSettings.Of(active, _settings, tool => Log.BadKeyword(logger, tool));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or System.Text.Json.JsonException)
        {
            Log.Unreachable(logger, e.GetType().Name);
        }

        lock (_lock)
        {
            _settings = found ?? _settings;
            _validUntil = clock.GetUtcNow() + (found is null ? Pause : Lifetime);
            _asking = null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "llm-api could not say how the tools are set; what was known before stays valid: {Failure}")]
        public static partial void Unreachable(ILogger logger, string failure);

        [LoggerMessage(LogLevel.Warning, "A disallowed keyword of tool {Tool} is no regular expression that can be used; it is left out")]
        public static partial void BadKeyword(ILogger logger, string tool);
    }
}

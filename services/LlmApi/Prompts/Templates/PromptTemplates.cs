using JanServer.Data.Connections;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Prompts.Templates;

/// <summary>
/// Keeps the templates in memory, read again and again: so a change made through one replica reaches the others, and no request asks the
/// database for a template.
/// </summary>
internal sealed partial class PromptTemplates(
    IServiceScopeFactory scopes, IOptions<PromptOptions> options, TimeProvider clock, ILogger<PromptTemplates> logger) : BackgroundService
{
    private static readonly TimeSpan FirstRead = TimeSpan.FromSeconds(5);

    private volatile PromptTemplateSet _current = PromptTemplateSet.Empty;

    public PromptTemplateSet Current => _current;

    /// <summary>Reads the tables now.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<PromptTemplateStore>();
        var templates = await store.ListActiveAsync(ct);
        _current = PromptTemplateSet.Of(templates, await store.ListActiveAssignmentsAsync(ct), _current);
    }

    /// <summary>Requests come once this has returned, so they find the templates; a database that is away does not keep the host from starting.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FirstRead);
        try
        {
            await TryReloadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotReloaded(logger);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReloadPeriod, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryReloadAsync(stoppingToken);
        }
    }

    private async Task TryReloadAsync(CancellationToken ct)
    {
        try
        {
            await ReloadAsync(ct);
        }
        catch (Exception e) when (DatabaseFailure.IsTransient(e))
        {
            Log.NotReloaded(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The prompt templates could not be read; those known stay in use")]
        public static partial void NotReloaded(ILogger logger);
    }
}

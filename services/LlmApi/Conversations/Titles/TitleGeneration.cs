using System.Threading.Channels;
using JanServer.Data.Connections;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Conversations.Titles;

/// <summary>Makes titles of conversations in the background: nothing waits for one, and nothing fails for one.</summary>
internal sealed partial class TitleGeneration : BackgroundService
{
    private readonly IServiceScopeFactory _scopes;
    private readonly TitleModel _model;
    private readonly TitleOptions _options;
    private readonly ILogger<TitleGeneration> _logger;
    private readonly Channel<TurnForTitle> _turns;

    public TitleGeneration(IServiceScopeFactory scopes, TitleModel model, IOptions<TitleOptions> options, ILogger<TitleGeneration> logger)
    {
        (_scopes, _model, _options, _logger) = (scopes, model, options.Value, logger);
        _turns = Channel.CreateBounded<TurnForTitle>(_options.Capacity);
    }

    /// <summary>A turn of a conversation is over. Never waits and never throws; when too much waits already, there is no title for now.</summary>
    public void TurnStored(TurnForTitle turn)
    {
        // Only a model has a better title than the one that is there.
        var isDue = TitleRules.IsDue(turn.HasTitle, turn.Said.Count) && (_options.Enabled || !turn.HasTitle);
        if (isDue && turn.Said.First is not null && !_turns.Writer.TryWrite(turn))
        {
            Log.Dropped(_logger, turn.ConversationId.ToString());
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        await foreach (var turn in _turns.Reader.ReadAllAsync(stopping))
        {
            try
            {
                await MakeAsync(turn, stopping);
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e))
            {
                // The next turn tries again.
                Log.Away(_logger, turn.ConversationId.ToString());
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // One title must not cost the others theirs.
                Log.Failed(_logger, e, turn.ConversationId.ToString());
            }
        }
    }

    private async Task MakeAsync(TurnForTitle turn, CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<TitleStore>();
        var derived = TitleText.Derive(turn.Said.First);
        if (await store.FindAsync(turn, ct) is not { } state || !TitleRules.MaySet(state, turn.Said.Count, derived))
        {
            return;
        }

        var title = (_options.Enabled ? await _model.AskAsync(turn, ct) : null) ?? (state.Title is null ? derived : null);
        if (title is not null && title != state.Title)
        {
            await store.SetAsync(turn, state, title, ct);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No title for {Conversation} for now: too many wait")]
        public static partial void Dropped(ILogger logger, string conversation);

        [LoggerMessage(LogLevel.Warning, "No title for {Conversation} for now: the database is away")]
        public static partial void Away(ILogger logger, string conversation);

        [LoggerMessage(LogLevel.Error, "Could not make a title for {Conversation}")]
        public static partial void Failed(ILogger logger, Exception exception, string conversation);
    }
}

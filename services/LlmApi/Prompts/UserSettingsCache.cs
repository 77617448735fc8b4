using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Prompts;

/// <summary>
/// What users have chosen, asked of accounts at most once in a while for each. Accounts being away costs a prompt the user's wishes, not
/// the answer: it is remembered for a moment, so that requests do not all wait for it.
/// </summary>
internal sealed partial class UserSettingsCache(AccountsClient accounts, IOptions<PromptOptions> options, ILogger<UserSettingsCache> logger)
    : IDisposable
{
    private const int MaxUsers = 20_000;

    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(2);

    private readonly MemoryCache _users = new(new MemoryCacheOptions { SizeLimit = MaxUsers });

    /// <summary>The settings, or null when accounts does not say.</summary>
    public async ValueTask<UserSettings?> FindAsync(Id<UserRef> user, CancellationToken ct)
    {
        if (user.IsNone)
        {
            return null;
        }

        if (_users.TryGetValue(user, out UserSettings? known))
        {
            return known;
        }

        var settings = await AskAsync(user, ct);
        var lifetime = settings is null ? FailureLifetime : options.Value.SettingsLifetime;
        if (lifetime > TimeSpan.Zero)
        {
            _users.Set(user, settings, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = lifetime });
        }

        return settings;
    }

    public void Dispose() => _users.Dispose();

    private async Task<UserSettings?> AskAsync(Id<UserRef> user, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Value.SettingsTimeout);
        try
        {
            return await accounts.FindSettingsAsync(user, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            Log.NotFound(logger, e.GetType().Name);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "accounts did not give a user's settings, so the prompt goes without them: {Problem}")]
        public static partial void NotFound(ILogger logger, string problem);
    }
}

using System.Collections.Concurrent;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Auth.Principals;

/// <summary>
/// Remembers checked credentials for seconds. Warm, a check is one hash and one lookup; cold, concurrent requests with the same
/// credential share one question. While accounts cannot be asked, credentials that were good stay good for a grace period, so
/// a database hiccup is neither a storm of 401s nor an outage.
/// </summary>
internal sealed partial class CredentialCache(IOptions<CredentialCacheOptions> options, TimeProvider clock, ILogger<CredentialCache> logger)
{
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromSeconds(10);

    private readonly CredentialCacheOptions _options = options.Value;
    private readonly ConcurrentDictionary<CredentialKey, Lazy<Task<CredentialCheck>>> _checks = new();

    // Two generations bound the memory without bookkeeping per lookup: what is used moves to the young one, and when that is
    // full the old one is dropped.
    private volatile ConcurrentDictionary<CredentialKey, Entry> _young = new();
    private volatile ConcurrentDictionary<CredentialKey, Entry> _old = new();

    /// <summary>The answer for a credential, from memory while it is fresh, else by <paramref name="check"/>.</summary>
    public ValueTask<CredentialCheck> GetAsync(
        CredentialKey key,
        Func<CancellationToken, Task<CredentialCheck>> check,
        CancellationToken ct)
    {
        var entry = Find(key);
        return entry is not null && clock.GetUtcNow() < entry.FreshUntil
            ? new(entry.Check)
            : new(AskAsync(key, entry, check, ct));
    }

    private async Task<CredentialCheck> AskAsync(
        CredentialKey key,
        Entry? stale,
        Func<CancellationToken, Task<CredentialCheck>> check,
        CancellationToken ct)
    {
        // The question outlives the request that asked first: others wait for it too. Lazy starts it only once it is in the
        // dictionary, so that its end always finds itself there to remove.
        var question = _checks.GetOrAdd(key, k => new(() => RunAsync(k, check)));
        var answer = await question.Value.WaitAsync(ct);
        if (!answer.IsDecided && stale is { Check.Caller: not null } && clock.GetUtcNow() < stale.GraceUntil)
        {
            Log.Grace(logger, stale.GraceUntil);
            return stale.Check;
        }

        return answer;
    }

    private async Task<CredentialCheck> RunAsync(CredentialKey key, Func<CancellationToken, Task<CredentialCheck>> check)
    {
        try
        {
            // Whoever looked just before an answer was stored, and asks just after its question was over, has it now.
            if (Find(key) is { } known && clock.GetUtcNow() < known.FreshUntil)
            {
                return known.Check;
            }

            using var deadline = new CancellationTokenSource(CheckDeadline, clock);
            var answer = await check(deadline.Token);
            if (answer.IsDecided)
            {
                Store(key, answer);
            }

            return answer;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or TimeoutException)
        {
            Log.CannotCheck(logger, exception);
            return new(null, ApiError.Unavailable("Credentials cannot be checked right now; try again.", TimeSpan.FromSeconds(2)));
        }
        finally
        {
            _checks.TryRemove(key, out _);
        }
    }

    private Entry? Find(CredentialKey key)
    {
        if (_young.TryGetValue(key, out var entry))
        {
            return entry;
        }

        if (_old.TryRemove(key, out entry))
        {
            _young[key] = entry;
            return entry;
        }

        return null;
    }

    private void Store(CredentialKey key, CredentialCheck check)
    {
        var now = clock.GetUtcNow();
        var end = check.ExpiresAt ?? DateTimeOffset.MaxValue;
        var fresh = now.AddSeconds(check.Caller is null ? _options.BadSeconds : _options.GoodSeconds);
        var grace = now.AddSeconds(_options.GraceSeconds);
        if (_young.Count >= _options.Capacity / 2)
        {
            _old = _young;
            _young = new();
        }

        _young[key] = new(check, fresh < end ? fresh : end, grace < end ? grace : end);
    }

    private sealed record Entry(CredentialCheck Check, DateTimeOffset FreshUntil, DateTimeOffset GraceUntil);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A credential could not be checked")]
        public static partial void CannotCheck(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "A credential is believed without a check until {Until:O}")]
        public static partial void Grace(ILogger logger, DateTimeOffset until);
    }
}

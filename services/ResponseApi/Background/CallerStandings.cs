using JanServer.Contracts.Accounts;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.ResponseApi.Background;

/// <summary>Whether a response may still be made for who asked for it.</summary>
internal enum CallerStanding
{
    Allowed,

    /// <summary>The account is disabled, or the API key is revoked or has expired.</summary>
    Refused,

    /// <summary>accounts did not answer.</summary>
    Unknown,
}

/// <summary>Asks accounts about callers whose credential was looked at long ago.</summary>
internal sealed partial class CallerStandings(AccountsClient accounts, ILogger<CallerStandings> logger)
{
    /// <summary>The standing now; <see cref="CallerStanding.Unknown"/> too when the token is cancelled.</summary>
    public async Task<CallerStanding> FindAsync(Caller caller, CancellationToken ct)
    {
        try
        {
            return await accounts.FindPrincipalAsync(new(caller.UserId, caller.ApiKeyId), ct) is null ? CallerStanding.Refused : CallerStanding.Allowed;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            Log.NotAsked(logger, failure.GetType().Name);
            return CallerStanding.Unknown;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "accounts could not be asked whether a background response may still be made: {Reason}")]
        public static partial void NotAsked(ILogger logger, string reason);
    }
}

using JanServer.Identity.Realms;
using Microsoft.Extensions.Options;

namespace JanServer.Identity.Keys;

/// <summary>Sees to it that each realm has a key before the first request, and a new one whenever the schedule says so.</summary>
internal sealed partial class KeyRotation(
    KeyRing keys, IServiceScopeFactory scopes, IOptions<RealmOptions> options, TimeProvider clock, ILogger<KeyRotation> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RunOnceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.Failed(logger, failure);
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken ct)
    {
        foreach (var realm in Realm.Names)
        {
            if (await keys.RotateAsync(realm, TimeSpan.FromDays(options.Value.Keys.RotationDays), ct))
            {
                Log.Rotated(logger, realm);
            }
        }

        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<KeyStore>().RetireAsync(clock.GetUtcNow(), ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Realm {Realm} signs with a new key")]
        public static partial void Rotated(ILogger logger, string realm);

        [LoggerMessage(LogLevel.Error, "The signing keys could not be checked; the next try is in ten minutes")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

using JanServer.Data.Connections;
using JanServer.ResponseApi.Background;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>Delivers messages that are due, a few at a time, and forgets old ones.</summary>
internal sealed partial class WebhookWorkers(
    WebhookSender sender,
    DeliveryStore deliveries,
    Signals signals,
    IOptions<WebhookOptions> options,
    TimeProvider clock,
    ILogger<WebhookWorkers> logger) : BackgroundService
{
    private const int PruneBatch = 500;

    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [PruneAsync(stoppingToken), .. Enumerable.Range(0, options.Value.Workers).Select(_ => WorkAsync(stoppingToken))]);

    private async Task WorkAsync(CancellationToken ct)
    {
        var poll = TimeSpan.FromSeconds(options.Value.PollSeconds);
        while (!ct.IsCancellationRequested)
        {
            var next = signals.Deliveries.Next;
            try
            {
                if (await sender.SendNextAsync(ct))
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The row is due again when the turn of this worker is over.
                Log.Failed(logger, failure);
            }

            await Pulse.WaitAsync(next, poll, ct);
        }
    }

    private async Task PruneAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(PruneInterval, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                while (await deliveries.PruneAsync(clock.GetUtcNow() - TimeSpan.FromDays(options.Value.LogDays), PruneBatch, ct) == PruneBatch)
                {
                }
            }
            catch (Exception failure) when (!ct.IsCancellationRequested)
            {
                Log.NotPruned(logger, DatabaseFailure.IsOutage(failure));
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A message of a webhook could not be handled; it is tried again")]
        public static partial void Failed(ILogger logger, Exception failure);

        [LoggerMessage(LogLevel.Warning, "Old messages could not be removed; the next round tries again (database away: {IsOutage})")]
        public static partial void NotPruned(ILogger logger, bool isOutage);
    }
}

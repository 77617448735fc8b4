using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Runs;
using JanServer.ServiceDefaults.Outbound;
using Microsoft.Extensions.Options;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>
/// Delivers one message: signed as Standard Webhooks says, through the guarded client, and only an answer of 200 to 299 from the very address
/// counts. What came of it is noted with what follows: nothing, another attempt later, or the end of attempts.
/// </summary>
internal sealed class WebhookSender(
    DeliveryStore deliveries, WebhookSecrets secrets, OutboundClient http, IOptions<WebhookOptions> options, WebhookMetrics metrics, TimeProvider clock)
{
    private const int MaxAnswer = 64 << 10;

    // Standard Webhooks' suggestion, with one more attempt soon.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>Takes and delivers a message that is due; false when there is none.</summary>
    public async Task<bool> SendNextAsync(CancellationToken ct)
    {
        if (await deliveries.TakeAsync(ct) is not { } delivery)
        {
            return false;
        }

        var (at, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        var outcome = await TrySendAsync(delivery, at, ct);
        var duration = (int)clock.GetElapsedTime(started).TotalMilliseconds;
        var isGivenUp = !outcome.IsDelivered && (outcome.IsFinal || delivery.Number >= options.Value.MaxAttempts);
        var status = outcome.IsDelivered ? "delivered" : isGivenUp ? "failed" : "pending";
        await deliveries.NoteAsync(
            delivery, new(delivery.Number, at, outcome.StatusCode, outcome.Error, duration), status, PauseAfter(delivery.Number), clock.GetUtcNow(), ct);
        metrics.Attempted(status);
        await DisableAsync(delivery, outcome, ct);
        return true;
    }

    private async Task<Outcome> TrySendAsync(DueDelivery delivery, DateTimeOffset at, CancellationToken ct)
    {
        if (!WebhookTargets.TryParse(delivery.Url, out var url))
        {
            return new(null, "The address is no URL that may be called.", IsFinal: true);
        }

        var (keys, problem) = await FindKeysAsync(delivery, at, ct);
        if (keys is null)
        {
            return problem!;
        }

        var id = new Id<WebhookEvent>(delivery.EventId).ToString();
        var result = await http.SendAsync(
            new(url)
            {
                Method = HttpMethod.Post,
                Body = delivery.Payload,
                ContentType = "application/json",
                MaxBytes = MaxAnswer,
                Timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds),
                Headers =
                [
                    new("webhook-id", id),
                    new("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
                    new("webhook-signature", WebhookSecrets.Sign(keys, id, at, delivery.Payload)),
                    new("X-Jan-Event", delivery.Event),
                    new("X-Jan-Response-ID", new Id<Response>(delivery.ResponseId).ToString()),
                ],
            },
            ct);
        return result.HasResponse ? Outcome.Of(result.Response, url) : Outcome.Of(result.Failure.Value);
    }

    private async Task<(List<byte[]>? Keys, Outcome? Problem)> FindKeysAsync(DueDelivery delivery, DateTimeOffset now, CancellationToken ct)
    {
        if (delivery.WebhookId is not { } webhook)
        {
            return await secrets.DefaultOfAsync(delivery.UserId, delivery.ProjectId, ct) is { } secret
                ? ([secret], null)
                : (null, new(null, "The secret of the project cannot be read; make a new one.", IsFinal: false));
        }

        if (await deliveries.FindSigningAsync(webhook, ct) is not { Enabled: true } signing)
        {
            return (null, new(null, "The webhook is switched off.", IsFinal: true));
        }

        var keys = new List<byte[]>(2);
        foreach (var blob in (byte[]?[])[signing.Secret, signing.PreviousUntil > now ? signing.Previous : null])
        {
            if (blob is not null && secrets.Open(webhook, blob) is { } key)
            {
                keys.Add(key);
            }
        }

        return keys.Count > 0 ? (keys, null) : (null, new(null, "The secret of the webhook cannot be read; rotate it.", IsFinal: false));
    }

    private async Task DisableAsync(DueDelivery delivery, Outcome outcome, CancellationToken ct)
    {
        if (delivery.WebhookId is not { } webhook || outcome.IsDelivered)
        {
            return;
        }

        if (outcome.StatusCode == (int)HttpStatusCode.Gone)
        {
            await deliveries.DisableAsync(webhook, since: null, "It answered 410: gone.", ct);
            return;
        }

        var hours = options.Value.DisableAfterHours;
        await deliveries.DisableAsync(
            webhook,
            clock.GetUtcNow() - TimeSpan.FromHours(hours),
            string.Create(CultureInfo.InvariantCulture, $"Nothing could be delivered for {hours} hours."),
            ct);
    }

    /// <summary>The pause, and up to a fifth of it more, so that what failed together does not come back together.</summary>
    private static TimeSpan PauseAfter(int attempt)
    {
        var pause = Pauses[Math.Min(attempt, Pauses.Length) - 1];
        return pause + (pause * (RandomNumberGenerator.GetInt32(200) / 1000d));
    }

    /// <param name="IsFinal">Whether another attempt cannot end otherwise.</param>
    private sealed record Outcome(int? StatusCode, string? Error, bool IsFinal)
    {
        public bool IsDelivered => Error is null;

        public static Outcome Of(OutboundResponse response, Uri url)
        {
            var status = (int)response.Status;
            if (response.Url != url)
            {
                return new(status, "It redirects, which messages do not follow.", IsFinal: false);
            }

            return response.IsSuccess
                ? new(status, null, IsFinal: true)
                : new(status, "It did not answer with 200 to 299.", IsFinal: response.Status == HttpStatusCode.Gone);
        }

        public static Outcome Of(OutboundFailure failure) => new(null, failure.ToApiError("url").Message, failure == OutboundFailure.BadUrl);
    }
}

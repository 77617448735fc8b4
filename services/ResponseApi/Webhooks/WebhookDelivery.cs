using JanServer.Contracts.Ids;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>A message to one address: a row of <c>webhook_deliveries</c>, with its attempts.</summary>
internal sealed record WebhookDelivery : IIdentified
{
    public static string IdPrefix => "whd";

    public required Id<WebhookDelivery> Id { get; init; }

    public required Id<WebhookEvent> EventId { get; init; }

    public required Id<Response> ResponseId { get; init; }

    public required string Event { get; init; }

    /// <summary><c>pending</c>, <c>delivered</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset? NextAttemptAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public List<WebhookAttempt> Attempts { get; } = [];
}

/// <summary>One attempt at a delivery.</summary>
/// <param name="StatusCode">What was answered; null when there was no answer.</param>
/// <param name="Error">Why there was none, or why the answer does not count.</param>
internal sealed record WebhookAttempt(int Number, DateTimeOffset At, int? StatusCode, string? Error, int DurationMs);

using System.ComponentModel.DataAnnotations;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>Registers an address.</summary>
/// <param name="Url">An http or https URL without user and password.</param>
/// <param name="Events">Of what it is told; of everything unless told.</param>
/// <param name="Description">For people.</param>
/// <param name="Enabled">Whether it is told; true unless told.</param>
public sealed record CreateWebhook(
    string? Url, IReadOnlyList<string>? Events = null, [property: StringLength(512)] string? Description = null, bool? Enabled = null);

/// <summary>Changes what is given.</summary>
/// <param name="Url">An http or https URL without user and password.</param>
/// <param name="Events">Of what it is told.</param>
/// <param name="Description">For people.</param>
/// <param name="Enabled">Whether it is told; true also forgets why it was switched off.</param>
public sealed record UpdateWebhook(
    string? Url = null, IReadOnlyList<string>? Events = null, [property: StringLength(512)] string? Description = null, bool? Enabled = null);

/// <summary>Makes a new secret.</summary>
/// <param name="OverlapSeconds">How long the old one signs too: 0 to 604800, a day unless told.</param>
public sealed record RotateSecret([property: Range(0, 604_800)] int? OverlapSeconds = null);

/// <summary>An address that is told.</summary>
public sealed record WebhookResource
{
    /// <summary>The id, <c>wh_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>webhook</c>.</summary>
    public string Object => "webhook";

    /// <summary>Where messages go.</summary>
    public required string Url { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Of what it is told.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Whether it is told.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Why it was switched off by itself.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>The secret that messages are signed with, <c>whsec_…</c>: only in the answer that made it.</summary>
    public string? Secret { get; init; }

    /// <summary>Until when the secret before signs too.</summary>
    public long? PreviousSecretExpiresAt { get; init; }

    /// <summary>When it was registered.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it was changed.</summary>
    public required long UpdatedAt { get; init; }

    internal static WebhookResource From(Webhook webhook) => From(webhook, secret: null);

    internal static WebhookResource From(Webhook webhook, string? secret) => new()
    {
        Id = webhook.Id.ToString(),
        Url = webhook.Url,
        Description = webhook.Description,
        Events = webhook.Events,
        Enabled = webhook.Enabled,
        DisabledReason = webhook.DisabledReason,
        Secret = secret,
        PreviousSecretExpiresAt = webhook.PreviousUntil?.ToUnixTimeSeconds(),
        CreatedAt = webhook.CreatedAt.ToUnixTimeSeconds(),
        UpdatedAt = webhook.UpdatedAt.ToUnixTimeSeconds(),
    };
}

/// <summary>Says that it is deleted.</summary>
/// <param name="Id">Which.</param>
public sealed record DeletedWebhook(string Id)
{
    /// <summary>Always <c>webhook</c>.</summary>
    public string Object => "webhook";

    /// <summary>Always true.</summary>
    public bool Deleted => true;
}

/// <summary>The secret that signs messages to addresses that requests name in their metadata.</summary>
/// <param name="Secret"><c>whsec_…</c>; only this answer has it.</param>
public sealed record DefaultSecret(string Secret)
{
    /// <summary>Always <c>webhook.default_secret</c>.</summary>
    public string Object => "webhook.default_secret";
}

/// <summary>A message to the address.</summary>
public sealed record DeliveryResource
{
    /// <summary>The id, <c>whd_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>webhook.delivery</c>.</summary>
    public string Object => "webhook.delivery";

    /// <summary>What happened, <c>evt_…</c>; the header <c>webhook-id</c>.</summary>
    public required string EventId { get; init; }

    /// <summary>Such as <c>response.completed</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The response.</summary>
    public required string ResponseId { get; init; }

    /// <summary><c>pending</c>, <c>delivered</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When the next attempt is due.</summary>
    public long? NextAttemptAt { get; init; }

    /// <summary>When it happened.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it was delivered or given up.</summary>
    public long? EndedAt { get; init; }

    /// <summary>What was tried, oldest first.</summary>
    public required IReadOnlyList<AttemptResource> Attempts { get; init; }

    internal static DeliveryResource From(WebhookDelivery delivery) => new()
    {
        Id = delivery.Id.ToString(),
        EventId = delivery.EventId.ToString(),
        Event = delivery.Event,
        ResponseId = delivery.ResponseId.ToString(),
        Status = delivery.Status,
        NextAttemptAt = delivery.NextAttemptAt?.ToUnixTimeSeconds(),
        CreatedAt = delivery.CreatedAt.ToUnixTimeSeconds(),
        EndedAt = delivery.EndedAt?.ToUnixTimeSeconds(),
        Attempts = delivery.Attempts.ConvertAll(
            attempt => new AttemptResource(attempt.Number, attempt.At.ToUnixTimeSeconds(), attempt.StatusCode, attempt.Error, attempt.DurationMs)),
    };
}

/// <summary>One attempt.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="At">When.</param>
/// <param name="StatusCode">What was answered.</param>
/// <param name="Error">Why it does not count.</param>
/// <param name="DurationMs">How long it took.</param>
public sealed record AttemptResource(int Attempt, long At, int? StatusCode, string? Error, int DurationMs);

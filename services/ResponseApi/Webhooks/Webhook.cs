using JanServer.Contracts.Ids;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>An address that is told when background responses of a project end: a row of <c>webhooks</c>.</summary>
internal sealed record Webhook : IIdentified
{
    public static string IdPrefix => "wh";

    public required Id<Webhook> Id { get; init; }

    public required string Url { get; init; }

    public string? Description { get; init; }

    /// <summary>Some of <see cref="WebhookEvents.All"/>.</summary>
    public required string[] Events { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Why it was switched off by itself.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Until when the secret before the current one signs too.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What an address can be told, in OpenAI's words.</summary>
internal static class WebhookEvents
{
    public static IReadOnlyList<string> All { get; } = ["response.completed", "response.failed", "response.incomplete", "response.cancelled"];
}

/// <summary>Something that happened, whoever is told of it.</summary>
internal sealed class WebhookEvent : IIdentified
{
    public static string IdPrefix => "evt";
}

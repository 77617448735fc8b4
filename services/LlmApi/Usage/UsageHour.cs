using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Usage;

/// <summary>What the records of one hour, key, model, provider and operation add up to: a row of <c>usage_hours</c>.</summary>
[Keyless]
internal sealed class UsageHour
{
    public DateTimeOffset Bucket { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid ProjectId { get; init; }

    public Guid UserId { get; init; }

    public Guid? ApiKeyId { get; init; }

    public required string Model { get; init; }

    public string? Provider { get; init; }

    public required string Operation { get; init; }

    public long Requests { get; init; }

    public long Failures { get; init; }

    public long Unpriced { get; init; }

    public long InputTokens { get; init; }

    public long CachedTokens { get; init; }

    public long OutputTokens { get; init; }

    public long ReasoningTokens { get; init; }

    public long Images { get; init; }

    public long CostMicroUsd { get; init; }
}

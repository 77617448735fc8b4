using JanServer.Contracts.Ids;
using JanServer.LlmApi.Metering;

namespace JanServer.LlmApi.Usage;

/// <summary>A row of <c>usage_records</c> as it is read.</summary>
internal sealed class UsageRow
{
    public Id<UsageRecord> Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public Guid UserId { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid ProjectId { get; init; }

    public Guid? ApiKeyId { get; init; }

    public Guid? ConversationId { get; init; }

    public required string RequestId { get; init; }

    public required string Operation { get; init; }

    public required string Model { get; init; }

    public string? Provider { get; init; }

    public string? UpstreamModel { get; init; }

    public bool Stream { get; init; }

    public required string Status { get; init; }

    public string? Failure { get; init; }

    public string? FinishReason { get; init; }

    public int PromptTokens { get; init; }

    public int CompletionTokens { get; init; }

    public int TotalTokens { get; init; }

    public int CachedTokens { get; init; }

    public int ReasoningTokens { get; init; }

    public int Images { get; init; }

    public bool Estimated { get; init; }

    public int DurationMs { get; init; }

    public int? FirstTokenMs { get; init; }

    public long? CostMicroUsd { get; init; }

    /// <summary>The least id that a record of <paramref name="time"/> can have: ids begin with their time.</summary>
    public static Id<UsageRecord> FirstIdOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) * 2];
        bytes.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new(new Guid(bytes, bigEndian: true));
    }
}

using JanServer.LlmApi.Requests;
using JanServer.Contracts.Ids;

namespace JanServer.LlmApi.Metering;

/// <summary>What one request to a model used: a row of <c>usage_records</c>.</summary>
internal sealed record UsageRecord(
    Id<UsageRecord> Id,
    DateTimeOffset CreatedAt,
    Guid UserId,
    Guid OrganizationId,
    Guid ProjectId,
    Guid? ApiKeyId,
    string RequestId,
    string Operation,
    string Model,
    string? Provider,
    string? UpstreamModel,
    bool Stream,
    string Status,
    string? Failure,
    string? FinishReason,
    TokenCounts Tokens,
    bool Estimated,
    int DurationMs,
    int? FirstTokenMs) : IIdentified
{
    /// <summary>The failure of a request whose replica of this service died.</summary>
    public const string ReplicaLost = "replica_lost";

    public static string IdPrefix => "usage";

    /// <summary>In millionths of a dollar, at the price of the moment; null where no price is known.</summary>
    public long? CostMicroUsd { get; init; }

    /// <summary>The conversation that the request belongs to, if it names one.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>How many images were made.</summary>
    public int Images { get; init; }

    /// <summary>The record of an exchange that has ended.</summary>
    public static UsageRecord Of(Exchange exchange)
    {
        var caller = exchange.Caller;
        var estimated = exchange.Counts is null && exchange.FirstToken is not null && exchange.Images == 0;
        return new(
            exchange.Id,
            exchange.CreatedAt,
            caller.UserId.Value,
            caller.OrganizationId.Value,
            caller.ProjectId.Value,
            caller.ApiKeyId?.Value,
            exchange.RequestId,
            exchange.Request.Operation.ToName(),
            exchange.Model,
            exchange.Offer?.Provider.Settings.Name,
            exchange.Offer?.UpstreamId,
            exchange.Request.Stream,
            LlmMetrics.StatusName(exchange.Status),
            exchange.Status == ExchangeStatus.Succeeded ? null : exchange.Failure,
            exchange.FinishReason,
            exchange.Tokens,
            estimated,
            Milliseconds(exchange.Elapsed),
            exchange.FirstToken is { } first ? Milliseconds(first) : null)
        {
            CostMicroUsd = exchange.CostMicroUsd,
            ConversationId = exchange.Keeping?.Target?.Id.Value ?? exchange.Items?.ConversationId.Value,
            Images = exchange.Images,
        };
    }

    private static int Milliseconds(TimeSpan time) => (int)Math.Min(int.MaxValue, time.TotalMilliseconds);
}

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
    public static string IdPrefix => "usage";

    /// <summary>The record of an exchange that has ended. Where the provider did not count, each piece counts as a token.</summary>
    public static UsageRecord Of(Exchange exchange, TimeProvider clock)
    {
        var caller = exchange.Caller;
        var estimated = exchange.Counts is null && exchange.FirstToken is not null;
        return new(
            Id<UsageRecord>.New(clock),
            exchange.CreatedAt,
            caller.UserId.Value,
            caller.OrganizationId.Value,
            caller.ProjectId.Value,
            caller.ApiKeyId?.Value,
            exchange.RequestId,
            exchange.Request.Operation.ToName(),
            exchange.Request.Model,
            exchange.Offer?.Provider.Settings.Name,
            exchange.Offer?.UpstreamId,
            exchange.Request.Stream,
            LlmMetrics.StatusName(exchange.Status),
            exchange.Status == ExchangeStatus.Succeeded ? null : exchange.Failure,
            exchange.FinishReason,
            exchange.Counts ?? new(0, exchange.Pieces, exchange.Pieces, 0, 0),
            estimated,
            Milliseconds(exchange.Elapsed),
            exchange.FirstToken is { } first ? Milliseconds(first) : null);
    }

    private static int Milliseconds(TimeSpan time) => (int)Math.Min(int.MaxValue, time.TotalMilliseconds);
}

using System.Text.Json.Serialization;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Metering;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace JanServer.LlmApi.Usage;

/// <summary>Which records a list holds; what is absent does not matter. Ids that are none match nothing.</summary>
public sealed record UsageRecordParameters
{
    /// <summary>Unix seconds: requests that began then or later.</summary>
    [FromQuery(Name = "start_time")]
    public string? StartTime { get; init; }

    /// <summary>Unix seconds: requests that began before.</summary>
    [FromQuery(Name = "end_time")]
    public string? EndTime { get; init; }

    /// <summary>The catalogue's id of the model.</summary>
    [FromQuery(Name = "model")]
    public string? Model { get; init; }

    /// <summary>The operation, such as <c>chat</c>.</summary>
    [FromQuery(Name = "operation")]
    public string? Operation { get; init; }

    /// <summary><c>ok</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    /// <summary>The request's id, as <c>X-Request-Id</c> said it.</summary>
    [FromQuery(Name = "request_id")]
    public string? RequestId { get; init; }

    /// <summary>The conversation.</summary>
    [FromQuery(Name = "conversation_id")]
    public string? ConversationId { get; init; }

    /// <summary>The project.</summary>
    [FromQuery(Name = "project_id")]
    public string? ProjectId { get; init; }

    /// <summary>The API key.</summary>
    [FromQuery(Name = "api_key_id")]
    public string? ApiKeyId { get; init; }

    /// <summary>The user.</summary>
    [FromQuery(Name = "user_id")]
    public string? UserId { get; init; }

    /// <summary>The organization; for administrators.</summary>
    [FromQuery(Name = "organization_id")]
    public string? OrganizationId { get; init; }
}

/// <summary>What one request to a model used.</summary>
public sealed record UsageRecordResource(
    string Id,
    DateTimeOffset CreatedAt,
    string OrganizationId,
    string ProjectId,
    string UserId,
    string? ApiKeyId,
    string? ConversationId,
    string RequestId,
    string Operation,
    string Model,
    string? Provider,
    string? UpstreamModel,
    bool Stream,
    string Status,
    string? Failure,
    string? FinishReason,
    int InputTokens,
    int CachedTokens,
    int OutputTokens,
    int ReasoningTokens,
    int TotalTokens,
    int Images,
    bool Estimated,
    int DurationMs,
    int? FirstTokenMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? CostUsd)
{
    /// <summary>Always <c>usage.record</c>.</summary>
    public string Object => "usage.record";

    internal static UsageRecordResource From(UsageRow row) => new(
        row.Id.ToString(),
        row.CreatedAt,
        UsageResults.Text<OrganizationRef>(row.OrganizationId)!,
        UsageResults.Text<ProjectRef>(row.ProjectId)!,
        UsageResults.Text<UserRef>(row.UserId)!,
        UsageResults.Text<ApiKeyRef>(row.ApiKeyId),
        UsageResults.Text<Conversation>(row.ConversationId),
        row.RequestId,
        row.Operation,
        row.Model,
        row.Provider,
        row.UpstreamModel,
        row.Stream,
        row.Status,
        row.Failure,
        row.FinishReason,
        row.PromptTokens,
        row.CachedTokens,
        row.CompletionTokens,
        row.ReasoningTokens,
        row.TotalTokens,
        row.Images,
        row.Estimated,
        row.DurationMs,
        row.FirstTokenMs,
        UsageResults.Usd(row.CostMicroUsd));
}

/// <summary>Which records a list holds.</summary>
internal sealed record UsageRecordFilter(UsageRecordParameters Parameters, DateTimeOffset? Start, DateTimeOffset? End)
{
    private static readonly string[] Statuses =
        [LlmMetrics.StatusName(ExchangeStatus.Succeeded), LlmMetrics.StatusName(ExchangeStatus.Failed), LlmMetrics.StatusName(ExchangeStatus.Cancelled)];

    public static (UsageRecordFilter? Filter, ApiError? Error) Read(UsageRecordParameters parameters)
    {
        var (start, end, error) = UsageRange.ReadTimes(parameters.StartTime, parameters.EndTime);
        if (error is null && parameters.Status is { } status && !Statuses.Contains(status, StringComparer.Ordinal))
        {
            error = ApiError.Invalid("status", $"'status' must be one of {string.Join(", ", Statuses)}.");
        }

        return error is null ? (new(parameters, start, end), null) : (null, error);
    }

    public IQueryable<UsageRow> Of(IQueryable<UsageRow> rows)
    {
        if (Start is { } start)
        {
            var first = UsageRow.FirstIdOf(start);
            rows = rows.Where(row => row.Id >= first);
        }

        if (End is { } end)
        {
            var last = UsageRow.FirstIdOf(end);
            rows = rows.Where(row => row.Id < last);
        }

        var (model, operation, status, request) = (Parameters.Model, Parameters.Operation, Parameters.Status, Parameters.RequestId);
        rows = model is null ? rows : rows.Where(row => row.Model == model);
        rows = operation is null ? rows : rows.Where(row => row.Operation == operation);
        rows = status is null ? rows : rows.Where(row => row.Status == status);
        rows = request is null ? rows : rows.Where(row => row.RequestId == request);
        return OfIds(rows);
    }

    // An id that is none becomes the empty UUID, which no row has.
    private IQueryable<UsageRow> OfIds(IQueryable<UsageRow> rows)
    {
        var conversation = Id<Conversation>.Parse(Parameters.ConversationId).Value;
        var project = Id<ProjectRef>.Parse(Parameters.ProjectId).Value;
        var key = Id<ApiKeyRef>.Parse(Parameters.ApiKeyId).Value;
        var user = Id<UserRef>.Parse(Parameters.UserId).Value;
        var organization = Id<OrganizationRef>.Parse(Parameters.OrganizationId).Value;
        rows = Parameters.ConversationId is null ? rows : rows.Where(row => row.ConversationId == conversation);
        rows = Parameters.ProjectId is null ? rows : rows.Where(row => row.ProjectId == project);
        rows = Parameters.ApiKeyId is null ? rows : rows.Where(row => row.ApiKeyId == key);
        rows = Parameters.UserId is null ? rows : rows.Where(row => row.UserId == user);
        return Parameters.OrganizationId is null ? rows : rows.Where(row => row.OrganizationId == organization);
    }
}

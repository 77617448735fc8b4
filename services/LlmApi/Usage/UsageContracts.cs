using System.Text.Json.Serialization;

namespace JanServer.LlmApi.Usage;

/// <summary>A page of buckets, as OpenAI's organization usage routes give it.</summary>
/// <param name="Data">The buckets by time, also those in which nothing was used.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="NextPage">What to send as <c>page</c> for it.</param>
public sealed record UsagePage<T>(
    IReadOnlyList<UsageBucket<T>> Data,
    bool HasMore,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextPage)
{
    /// <summary>Always <c>page</c>.</summary>
    public string Object => "page";

    /// <summary>The sum of the whole range, on every page of it; only JanServer's own routes have it.</summary>
    public UsageTotal? Total { get; init; }
}

/// <summary>What was used in a span of time.</summary>
/// <param name="StartTime">Unix seconds, inclusive.</param>
/// <param name="EndTime">Unix seconds, exclusive.</param>
/// <param name="Results">One for each group that used something; empty when none did.</param>
public sealed record UsageBucket<T>(long StartTime, long EndTime, IReadOnlyList<T> Results)
{
    /// <summary>Always <c>bucket</c>.</summary>
    public string Object => "bucket";
}

/// <summary>OpenAI's result of completions. Members that the request did not group by are null.</summary>
public sealed record CompletionsUsage(
    long InputTokens,
    long InputCachedTokens,
    long InputUncachedTokens,
    long OutputTokens,
    long NumModelRequests,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ProjectId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ApiKeyId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Model,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool? Batch,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ServiceTier)
{
    /// <summary>Always <c>organization.usage.completions.result</c>.</summary>
    public string Object => "organization.usage.completions.result";
}

/// <summary>OpenAI's result of embeddings.</summary>
public sealed record EmbeddingsUsage(
    long InputTokens,
    long NumModelRequests,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ProjectId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ApiKeyId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Model)
{
    /// <summary>Always <c>organization.usage.embeddings.result</c>.</summary>
    public string Object => "organization.usage.embeddings.result";
}

/// <summary>OpenAI's result of images. Sizes are not recorded.</summary>
public sealed record ImagesUsage(
    long Images,
    long NumModelRequests,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Size,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ProjectId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? UserId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ApiKeyId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Model)
{
    /// <summary>Always <c>organization.usage.images.result</c>.</summary>
    public string Object => "organization.usage.images.result";
}

/// <summary>OpenAI's result of costs. A line item is a model.</summary>
public sealed record CostsResult(
    CostAmount Amount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LineItem,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ProjectId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ApiKeyId)
{
    /// <summary>Always <c>organization.costs.result</c>.</summary>
    public string Object => "organization.costs.result";
}

/// <summary>An amount of money.</summary>
/// <param name="Value">In whole units of the currency.</param>
/// <param name="Currency">Always <c>usd</c>.</param>
public sealed record CostAmount(decimal Value, string Currency = "usd");

/// <summary>What requests add up to. Members that the request did not group by are absent.</summary>
/// <param name="Requests">Requests that reached a model's route, also failed and cancelled ones.</param>
/// <param name="Failures">Those that failed.</param>
/// <param name="InputTokens">Tokens of prompts, cached ones too.</param>
/// <param name="CachedTokens">Those of them that the provider had cached.</param>
/// <param name="OutputTokens">Tokens of answers, reasoning too.</param>
/// <param name="ReasoningTokens">Those of them that were reasoning.</param>
/// <param name="Images">Images made.</param>
/// <param name="CostUsd">What the requests with a known price cost.</param>
/// <param name="UnpricedRequests">Requests without a known price, which <paramref name="CostUsd"/> is without.</param>
public sealed record UsageTotal(
    long Requests,
    long Failures,
    long InputTokens,
    long CachedTokens,
    long OutputTokens,
    long ReasoningTokens,
    long Images,
    decimal CostUsd,
    long UnpricedRequests)
{
    /// <summary>Always <c>usage.result</c>.</summary>
    public string Object => "usage.result";

    /// <summary>The organization, where grouped by it.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The project, where grouped by it.</summary>
    public string? ProjectId { get; init; }

    /// <summary>The user, where grouped by it.</summary>
    public string? UserId { get; init; }

    /// <summary>The API key, where grouped by it and one was used.</summary>
    public string? ApiKeyId { get; init; }

    /// <summary>The model, where grouped by it.</summary>
    public string? Model { get; init; }

    /// <summary>The provider, where grouped by it and one was asked.</summary>
    public string? Provider { get; init; }

    /// <summary>The operation, where grouped by it.</summary>
    public string? Operation { get; init; }
}

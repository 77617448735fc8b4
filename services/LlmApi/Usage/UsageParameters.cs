using Microsoft.AspNetCore.Mvc;

namespace JanServer.LlmApi.Usage;

/// <summary>
/// The query string of usage routes, as OpenAI's organization usage routes have it. Lists are repeated parameters, with brackets after
/// their name or without, as OpenAI's clients send them. Everything is text here, so that what cannot be read is refused by its name.
/// </summary>
public sealed record UsageParameters
{
    /// <summary>Unix seconds, inclusive; the bucket that holds it is the first.</summary>
    [FromQuery(Name = "start_time")]
    public string? StartTime { get; init; }

    /// <summary>Unix seconds, exclusive; now unless told.</summary>
    [FromQuery(Name = "end_time")]
    public string? EndTime { get; init; }

    /// <summary><c>1m</c>, <c>1h</c> or <c>1d</c>, which is the default. Buckets are aligned to UTC.</summary>
    [FromQuery(Name = "bucket_width")]
    public string? BucketWidth { get; init; }

    /// <summary>How many buckets a page holds.</summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>The <c>next_page</c> of the page before.</summary>
    [FromQuery(Name = "page")]
    public string? Page { get; init; }

    /// <summary>Whether only batch jobs count, or none; there are none.</summary>
    [FromQuery(Name = "batch")]
    public string? Batch { get; init; }

    /// <summary>What results are kept apart by.</summary>
    [FromQuery(Name = "group_by")]
    public string[]? GroupBy { get; init; }

    /// <summary>The same.</summary>
    [FromQuery(Name = "group_by[]")]
    public string[]? GroupByList { get; init; }

    /// <summary>Only usage of these organizations; for administrators.</summary>
    [FromQuery(Name = "organization_ids")]
    public string[]? OrganizationIds { get; init; }

    /// <summary>The same.</summary>
    [FromQuery(Name = "organization_ids[]")]
    public string[]? OrganizationIdsList { get; init; }

    /// <summary>Only usage of these projects.</summary>
    [FromQuery(Name = "project_ids")]
    public string[]? ProjectIds { get; init; }

    /// <summary>The same.</summary>
    [FromQuery(Name = "project_ids[]")]
    public string[]? ProjectIdsList { get; init; }

    /// <summary>Only usage of these users.</summary>
    [FromQuery(Name = "user_ids")]
    public string[]? UserIds { get; init; }

    /// <summary>The same.</summary>
    [FromQuery(Name = "user_ids[]")]
    public string[]? UserIdsList { get; init; }

    /// <summary>Only usage by these API keys.</summary>
    [FromQuery(Name = "api_key_ids")]
    public string[]? ApiKeyIds { get; init; }

    /// <summary>The same.</summary>
    [FromQuery(Name = "api_key_ids[]")]
    public string[]? ApiKeyIdsList { get; init; }

    /// <summary>Only usage of these models.</summary>
    [FromQuery(Name = "models")]
    public string[]? Models { get; init; }

    /// <summary>The same.</summary>
    [FromQuery(Name = "models[]")]
    public string[]? ModelsList { get; init; }

    /// <summary>Only images from these sources: <c>image.generation</c>, <c>image.edit</c>.</summary>
    [FromQuery(Name = "sources")]
    public string[]? Sources { get; init; }

    /// <summary>The same.</summary>
    [FromQuery(Name = "sources[]")]
    public string[]? SourcesList { get; init; }
}

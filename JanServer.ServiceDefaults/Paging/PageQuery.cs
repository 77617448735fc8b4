using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace JanServer.ServiceDefaults.Paging;

/// <summary>OpenAI's list parameters, bound from the query string.</summary>
public sealed record PageQuery
{
    /// <summary>How many rows a page holds: 1 to 100, 20 unless told.</summary>
    [Range(1, 100)]
    public int? Limit { get; init; }

    /// <summary>The id of the last row of the page before.</summary>
    public string? After { get; init; }

    /// <summary>Another name of <see cref="After"/>, which counts.</summary>
    public string? Cursor { get; init; }

    /// <summary><c>asc</c> or <c>desc</c> (the default) by creation.</summary>
    [AllowedValues("asc", "desc", null)]
    public string? Order { get; init; }

    /// <summary>What the page begins after; null for the first page.</summary>
    [JsonIgnore]
    public string? Start => After ?? Cursor;

    /// <summary>How many rows a page holds.</summary>
    [JsonIgnore]
    public int Take => Limit ?? 20;

    /// <summary>Whether the oldest come first.</summary>
    [JsonIgnore]
    public bool Ascending => Order == "asc";
}

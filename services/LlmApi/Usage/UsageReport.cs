using JanServer.ServiceDefaults.Errors;

namespace JanServer.LlmApi.Usage;

/// <summary>What a route of buckets gives.</summary>
/// <param name="Groups">What <c>group_by</c> takes.</param>
/// <param name="Widths">What <c>bucket_width</c> takes.</param>
/// <param name="NeedsStart">Whether <c>start_time</c> must be given.</param>
/// <param name="Operations">What counts; null for everything.</param>
internal sealed record UsageReportKind(
    IReadOnlyList<string> Groups, IReadOnlyList<BucketWidth> Widths, bool NeedsStart, IReadOnlyList<string>? Operations);

/// <summary>Reads what a request wants of a kind of report and gets the sums.</summary>
internal sealed class UsageReport(UsageStore store, TimeProvider clock)
{
    /// <summary>The sums of the buckets that are asked for.</summary>
    /// <param name="scope">Whose usage may be seen.</param>
    /// <param name="kind">What the route gives.</param>
    /// <param name="parameters">What the client wants.</param>
    /// <param name="ct">The client's patience.</param>
    public async Task<(UsageRange? Range, UsageFilter? Filter, IReadOnlyList<UsageSum> Sums, ApiError? Error)> ReadAsync(
        UsageScope scope, UsageReportKind kind, UsageParameters parameters, CancellationToken ct)
    {
        var (range, rangeError) = UsageRange.Read(parameters, kind.Widths, kind.NeedsStart, clock.GetUtcNow());
        var (filter, filterError) = UsageFilter.Read(parameters);
        var (groups, groupError) = UsageGroupNames.Read(UsageFilter.Values(parameters.GroupBy, parameters.GroupByList), kind.Groups);
        var (isBatch, batchError) = ReadBatch(parameters);
        if ((rangeError ?? filterError ?? groupError ?? batchError) is { } error)
        {
            return (null, null, [], error);
        }

        filter = filter! with { Operations = kind.Operations };
        if (isBatch)
        {
            return (range, filter, [], null);
        }

        var sums = await store.BucketsAsync(scope, range!, filter, groups, ct);
        return sums.Count > UsageStore.MaxSums
            ? (null, null, [], ApiError.Invalid(
                "group_by", $"These are more than {UsageStore.MaxSums} results. Ask for fewer buckets, for fewer groups or for some projects only."))
            : (range, filter, sums, null);
    }

    /// <summary>The sum of the whole range.</summary>
    public async Task<UsageTotal> TotalAsync(UsageScope scope, UsageRange range, UsageFilter filter, CancellationToken ct) =>
        UsageResults.Total(await store.TotalAsync(scope, range, filter, ct) ?? new UsageSum());

    private static (bool IsBatch, ApiError? Error) ReadBatch(UsageParameters parameters) => parameters.Batch switch
    {
        null or "" or "false" => (false, null),
        "true" => (true, null),
        _ => (false, ApiError.Invalid("batch", "'batch' must be true or false.")),
    };
}

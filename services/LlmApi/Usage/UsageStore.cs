using JanServer.Data.Paging;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;

namespace JanServer.LlmApi.Usage;

/// <summary>What the records of a bucket and group add up to.</summary>
internal sealed record UsageSum
{
    public DateTimeOffset Time { get; init; }

    public Guid? OrganizationId { get; init; }

    public Guid? ProjectId { get; init; }

    public Guid? UserId { get; init; }

    public Guid? ApiKeyId { get; init; }

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? Operation { get; init; }

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

/// <summary>The queries over usage. Sums come from the sums per hour, of minutes from the records themselves.</summary>
internal sealed class UsageStore(LlmContext db)
{
    // Wider than all time since the epoch, so that everything falls into one bucket.
    private static readonly TimeSpan Forever = TimeSpan.FromDays(3_652_000);

    /// <summary>More groups than anyone reads; asking for more is refused.</summary>
    public const int MaxSums = 20_000;

    /// <summary>The sums of a page of buckets by time, and one more than <see cref="MaxSums"/> when there are more.</summary>
    public Task<List<UsageSum>> BucketsAsync(UsageScope scope, UsageRange range, UsageFilter filter, UsageGroups groups, CancellationToken ct) =>
        Grouped(Select(scope, range, range.From, range.To, filter), range.Bucket.Width, groups)
            .OrderBy(sum => sum.Time)
            .Take(MaxSums + 1)
            .ToListAsync(ct);

    /// <summary>The sum of the whole range; null when nothing was used.</summary>
    public Task<UsageSum?> TotalAsync(UsageScope scope, UsageRange range, UsageFilter filter, CancellationToken ct) =>
        Grouped(Select(scope, range, range.Start, range.End, filter), Forever, UsageGroups.None).SingleOrDefaultAsync(ct);

    /// <summary>A page of records.</summary>
    public Task<List<UsageRow>> ListAsync(UsageScope scope, UsageRecordFilter filter, PageQuery page, CancellationToken ct) =>
        filter.Of(scope.Of(db.UsageRecords)).PageBy(page, record => record.Id).ToListAsync(ct);

    private IQueryable<UsageHour> Select(UsageScope scope, UsageRange range, DateTimeOffset start, DateTimeOffset end, UsageFilter filter)
    {
        var rows = range.NeedsRecords ? Hours(scope, start, end) : scope.Of(db.UsageHours).Where(hour => hour.Bucket >= start && hour.Bucket < end);
        var (organizations, projects, users, keys, models, operations) =
            (filter.Organizations, filter.Projects, filter.Users, filter.ApiKeys, filter.Models, filter.Operations);
        rows = organizations is null ? rows : rows.Where(row => organizations.Contains(row.OrganizationId));
        rows = projects is null ? rows : rows.Where(row => projects.Contains(row.ProjectId));
        rows = users is null ? rows : rows.Where(row => users.Contains(row.UserId));
        rows = keys is null ? rows : rows.Where(row => row.ApiKeyId != null && keys.Contains(row.ApiKeyId.Value));
        rows = models is null ? rows : rows.Where(row => models.Contains(row.Model));
        return operations is null ? rows : rows.Where(row => operations.Contains(row.Operation));
    }

    /// <summary>The records in the shape of sums: each is one of its own moment.</summary>
    private IQueryable<UsageHour> Hours(UsageScope scope, DateTimeOffset start, DateTimeOffset end)
    {
        var (first, last) = (UsageRow.FirstIdOf(start), UsageRow.FirstIdOf(end));
        return scope.Of(db.UsageRecords)
            .Where(record => record.Id >= first && record.Id < last)
            .Select(record => new UsageHour
            {
                Bucket = record.CreatedAt,
                OrganizationId = record.OrganizationId,
                ProjectId = record.ProjectId,
                UserId = record.UserId,
                ApiKeyId = record.ApiKeyId,
                Model = record.Model,
                Provider = record.Provider,
                Operation = record.Operation,
                Requests = 1,
                Failures = record.Status == "failed" ? 1 : 0,
                Unpriced = record.CostMicroUsd == null ? 1 : 0,
                InputTokens = record.PromptTokens,
                CachedTokens = record.CachedTokens,
                OutputTokens = record.CompletionTokens,
                ReasoningTokens = record.ReasoningTokens,
                Images = record.Images,
                CostMicroUsd = record.CostMicroUsd ?? 0,
            });
    }

    private static IQueryable<UsageSum> Grouped(IQueryable<UsageHour> rows, TimeSpan width, UsageGroups groups)
    {
        var epoch = DateTimeOffset.UnixEpoch;
        var byOrganization = groups.HasFlag(UsageGroups.Organization);
        var byProject = groups.HasFlag(UsageGroups.Project);
        var byUser = groups.HasFlag(UsageGroups.User);
        var byKey = groups.HasFlag(UsageGroups.ApiKey);
        var byModel = groups.HasFlag(UsageGroups.Model);
        var byProvider = groups.HasFlag(UsageGroups.Provider);
        var byOperation = groups.HasFlag(UsageGroups.Operation);
        return rows
            .GroupBy(row => new
            {
                Time = LlmContext.DateBin(width, row.Bucket, epoch),
                OrganizationId = byOrganization ? row.OrganizationId : (Guid?)null,
                ProjectId = byProject ? row.ProjectId : (Guid?)null,
                UserId = byUser ? row.UserId : (Guid?)null,
                ApiKeyId = byKey ? row.ApiKeyId : null,
                Model = byModel ? row.Model : null,
                Provider = byProvider ? row.Provider : null,
                Operation = byOperation ? row.Operation : null,
            })
            .Select(group => new UsageSum
            {
                Time = group.Key.Time,
                OrganizationId = group.Key.OrganizationId,
                ProjectId = group.Key.ProjectId,
                UserId = group.Key.UserId,
                ApiKeyId = group.Key.ApiKeyId,
                Model = group.Key.Model,
                Provider = group.Key.Provider,
                Operation = group.Key.Operation,
                Requests = group.Sum(row => row.Requests),
                Failures = group.Sum(row => row.Failures),
                Unpriced = group.Sum(row => row.Unpriced),
                InputTokens = group.Sum(row => row.InputTokens),
                CachedTokens = group.Sum(row => row.CachedTokens),
                OutputTokens = group.Sum(row => row.OutputTokens),
                ReasoningTokens = group.Sum(row => row.ReasoningTokens),
                Images = group.Sum(row => row.Images),
                CostMicroUsd = group.Sum(row => row.CostMicroUsd),
            });
    }
}

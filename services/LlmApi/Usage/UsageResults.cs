using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.LlmApi.Metering;

namespace JanServer.LlmApi.Usage;

/// <summary>Turns sums into the results of the routes.</summary>
internal static class UsageResults
{
    public const string GenerationSource = "image.generation";
    public const string EditSource = "image.edit";

    private const decimal MicroPerUsd = 1_000_000;

    /// <summary>Puts sums, which come by time, into the buckets of a page, of which those without any are there too.</summary>
    public static UsagePage<T> Page<T>(UsageRange range, IReadOnlyList<UsageSum> sums, Func<UsageSum, T> map)
    {
        var buckets = new List<UsageBucket<T>>();
        var next = 0;
        for (var start = range.From; start < range.To; start += range.Bucket.Width)
        {
            var results = new List<T>();
            for (; next < sums.Count && sums[next].Time == start; next++)
            {
                results.Add(map(sums[next]));
            }

            buckets.Add(new(start.ToUnixTimeSeconds(), (start + range.Bucket.Width).ToUnixTimeSeconds(), results));
        }

        return new(buckets, range.NextPage is not null, range.NextPage);
    }

    public static CompletionsUsage Completions(UsageSum sum, bool batch, bool tier) => new(
        sum.InputTokens, sum.CachedTokens, Math.Max(0, sum.InputTokens - sum.CachedTokens), sum.OutputTokens, sum.Requests,
        Text<ProjectRef>(sum.ProjectId), Text<UserRef>(sum.UserId), Text<ApiKeyRef>(sum.ApiKeyId), sum.Model,
        batch ? false : null, tier ? "default" : null);

    public static EmbeddingsUsage Embeddings(UsageSum sum) => new(
        sum.InputTokens, sum.Requests, Text<ProjectRef>(sum.ProjectId), Text<UserRef>(sum.UserId), Text<ApiKeyRef>(sum.ApiKeyId), sum.Model);

    public static ImagesUsage Images(UsageSum sum) => new(
        sum.Images,
        sum.Requests,
        sum.Operation switch
        {
            null => null,
            UsageOperations.ImageEdit => EditSource,
            _ => GenerationSource,
        },
        Size: null,
        Text<ProjectRef>(sum.ProjectId),
        Text<UserRef>(sum.UserId),
        Text<ApiKeyRef>(sum.ApiKeyId),
        sum.Model);

    public static CostsResult Costs(UsageSum sum) => new(
        new(sum.CostMicroUsd / MicroPerUsd), sum.Model, Text<ProjectRef>(sum.ProjectId), Text<ApiKeyRef>(sum.ApiKeyId));

    public static UsageTotal Total(UsageSum sum) => new(
        sum.Requests, sum.Failures, sum.InputTokens, sum.CachedTokens, sum.OutputTokens, sum.ReasoningTokens, sum.Images,
        sum.CostMicroUsd / MicroPerUsd, sum.Unpriced)
    {
        OrganizationId = Text<OrganizationRef>(sum.OrganizationId),
        ProjectId = Text<ProjectRef>(sum.ProjectId),
        UserId = Text<UserRef>(sum.UserId),
        ApiKeyId = Text<ApiKeyRef>(sum.ApiKeyId),
        Model = sum.Model,
        Provider = sum.Provider,
        Operation = sum.Operation,
    };

    public static string? Text<T>(Guid? id)
        where T : IIdentified => id is { } value ? new Id<T>(value).ToString() : null;

    public static decimal? Usd(long? micro) => micro / MicroPerUsd;
}

using JanServer.LlmApi.Metering;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Usage;

/// <summary>OpenAI's organization usage and costs.</summary>
internal static class OrganizationUsageEndpoints
{
    private static readonly BucketWidth[] Widths = [BucketWidth.Minute, BucketWidth.Hour, BucketWidth.Day];

    private static readonly UsageReportKind Completions = new(
        ["project_id", "user_id", "api_key_id", "model", "batch", "service_tier"], Widths, NeedsStart: true, UsageOperations.Completions);

    private static readonly UsageReportKind Embeddings = new(
        ["project_id", "user_id", "api_key_id", "model"], Widths, NeedsStart: true, UsageOperations.Embeddings);

    private static readonly UsageReportKind Images = new(
        ["project_id", "user_id", "api_key_id", "model", "size", "source"], Widths, NeedsStart: true, UsageOperations.Images);

    private static readonly UsageReportKind Costs = new(
        ["project_id", "line_item", "api_key_id"], [BucketWidth.Day with { MaxLimit = 180 }], NeedsStart: true, Operations: null);

    public static void MapOrganizationUsage(this IEndpointRouteBuilder v1)
    {
        var usage = v1.MapGroup("/organization/usage").RequireScope(Scopes.UsageRead).WithTags("Usage");
        usage.MapGet("/completions", CompletionsAsync).WithName("GetCompletionsUsage")
            .WithSummary("What the organization's completions used, as OpenAI reports it.");
        usage.MapGet("/embeddings", EmbeddingsAsync).WithName("GetEmbeddingsUsage")
            .WithSummary("What the organization's embeddings used, as OpenAI reports it.");
        usage.MapGet("/images", ImagesAsync).WithName("GetImagesUsage")
            .WithSummary("What the organization's images used, as OpenAI reports it. Sizes are not recorded.");
        v1.MapGet("/organization/costs", CostsAsync)
            .RequireScope(Scopes.UsageRead)
            .WithName("GetCosts").WithTags("Usage")
            .WithSummary("What the organization's requests cost by day, as OpenAI reports it.");
    }

    private static Task<Results<Ok<UsagePage<CompletionsUsage>>, ApiError>> CompletionsAsync(
        [AsParameters] UsageParameters parameters, Caller caller, UsageReport report, CancellationToken ct)
    {
        var groups = UsageFilter.Values(parameters.GroupBy, parameters.GroupByList) ?? [];
        var (batch, tier) = (groups.Contains("batch"), groups.Contains("service_tier"));
        return ReportAsync(Completions, parameters, caller, report, sum => UsageResults.Completions(sum, batch, tier), ct);
    }

    private static Task<Results<Ok<UsagePage<EmbeddingsUsage>>, ApiError>> EmbeddingsAsync(
        [AsParameters] UsageParameters parameters, Caller caller, UsageReport report, CancellationToken ct) =>
        ReportAsync(Embeddings, parameters, caller, report, UsageResults.Embeddings, ct);

    private static async Task<Results<Ok<UsagePage<ImagesUsage>>, ApiError>> ImagesAsync(
        [AsParameters] UsageParameters parameters, Caller caller, UsageReport report, CancellationToken ct)
    {
        var operations = new List<string>();
        foreach (var source in UsageFilter.Values(parameters.Sources, parameters.SourcesList) ?? [])
        {
            switch (source)
            {
                case UsageResults.GenerationSource:
                    operations.Add(UsageOperations.ImageGeneration);
                    break;
                case UsageResults.EditSource:
                    operations.Add(UsageOperations.ImageEdit);
                    break;
                case "image.variation":
                    // OpenAI has it, this server does not: it matches nothing.
                    operations.Add(source);
                    break;
                default:
                    return ApiError.Invalid("sources", "'sources' takes image.generation, image.edit, image.variation.");
            }
        }

        var kind = operations.Count == 0 ? Images : Images with { Operations = operations };
        return await ReportAsync(kind, parameters, caller, report, UsageResults.Images, ct);
    }

    private static Task<Results<Ok<UsagePage<CostsResult>>, ApiError>> CostsAsync(
        [AsParameters] UsageParameters parameters, Caller caller, UsageReport report, CancellationToken ct) =>
        ReportAsync(Costs, parameters, caller, report, UsageResults.Costs, ct);

    private static async Task<Results<Ok<UsagePage<T>>, ApiError>> ReportAsync<T>(
        UsageReportKind kind, UsageParameters parameters, Caller caller, UsageReport report, Func<UsageSum, T> map, CancellationToken ct)
    {
        var (range, _, sums, error) = await report.ReadAsync(UsageScope.Organization(caller), kind, parameters, ct);
        return range is null ? error! : TypedResults.Ok(UsageResults.Page(range, sums, map));
    }
}

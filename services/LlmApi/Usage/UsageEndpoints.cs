using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using JanServer.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.LlmApi.Usage;

/// <summary>What a caller, its organization and the whole deployment used: buckets of time, and the records themselves.</summary>
internal static class UsageEndpoints
{
    // Totals of minutes come from the records, so a range of minutes is a day at most.
    private static readonly BucketWidth[] Widths =
    [
        BucketWidth.Day with { DefaultLimit = 31, MaxLimit = 366 },
        BucketWidth.Hour,
        BucketWidth.Minute with { MaxRange = TimeSpan.FromDays(1) },
    ];

    private static readonly UsageReportKind OwnReport =
        new(["model", "project_id", "api_key_id", "provider", "operation"], Widths, NeedsStart: false, Operations: null);

    private static readonly UsageReportKind OrganizationReport = OwnReport with { Groups = [.. OwnReport.Groups, "user_id"] };

    private static readonly UsageReportKind DeploymentReport = OwnReport with { Groups = [.. OrganizationReport.Groups, "organization_id"] };

    public static IServiceCollection AddUsage(this IServiceCollection services) =>
        services.AddScoped<UsageStore>().AddScoped<UsageReport>();

    public static void MapUsage(this IEndpointRouteBuilder v1)
    {
        var own = v1.MapGroup("/usage").RequireScope(Scopes.UsageRead).WithTags("Usage");
        own.MapGet("/", OwnAsync).WithName("GetUsage")
            .WithSummary("Sums up what the caller used, by buckets of time and by group, with the total of the range.");
        own.MapGet("/records", OwnRecordsAsync).WithName("ListUsageRecords").WithSummary("Lists the caller's requests to models, newest first.");

        var organization = v1.MapGroup("/organization/usage").RequireScope(Scopes.UsageRead).WithTags("Usage");
        organization.MapGet("/", OrganizationAsync).WithName("GetOrganizationUsage")
            .WithSummary("Sums up what the caller's organization used; a project's share with 'project_ids'.");
        organization.MapGet("/records", OrganizationRecordsAsync).WithName("ListOrganizationUsageRecords")
            .WithSummary("Lists the requests of the caller's organization to models, newest first.");

        var admin = v1.MapGroup("/admin/usage").RequireAdmin().WithTags("Usage");
        admin.MapGet("/", DeploymentAsync).WithName("GetDeploymentUsage").WithSummary("Sums up what all organizations used.");
        admin.MapGet("/records", DeploymentRecordsAsync).WithName("ListDeploymentUsageRecords")
            .WithSummary("Lists the requests of all organizations to models, newest first.");
    }

    private static Task<Results<Ok<UsagePage<UsageTotal>>, ApiError>> OwnAsync(
        [AsParameters] UsageParameters parameters, Caller caller, UsageReport report, CancellationToken ct) =>
        ReportAsync(UsageScope.Own(caller), OwnReport, parameters, report, ct);

    private static Task<Results<Ok<UsagePage<UsageTotal>>, ApiError>> OrganizationAsync(
        [AsParameters] UsageParameters parameters, Caller caller, UsageReport report, CancellationToken ct) =>
        ReportAsync(UsageScope.Organization(caller), OrganizationReport, parameters, report, ct);

    private static Task<Results<Ok<UsagePage<UsageTotal>>, ApiError>> DeploymentAsync(
        [AsParameters] UsageParameters parameters, UsageReport report, CancellationToken ct) =>
        ReportAsync(UsageScope.Deployment, DeploymentReport, parameters, report, ct);

    private static Task<Results<Ok<Page<UsageRecordResource>>, ApiError>> OwnRecordsAsync(
        [AsParameters] PageQuery page, [AsParameters] UsageRecordParameters parameters, Caller caller, UsageStore store, CancellationToken ct) =>
        RecordsAsync(UsageScope.Own(caller), page, parameters, store, ct);

    private static Task<Results<Ok<Page<UsageRecordResource>>, ApiError>> OrganizationRecordsAsync(
        [AsParameters] PageQuery page, [AsParameters] UsageRecordParameters parameters, Caller caller, UsageStore store, CancellationToken ct) =>
        RecordsAsync(UsageScope.Organization(caller), page, parameters, store, ct);

    private static Task<Results<Ok<Page<UsageRecordResource>>, ApiError>> DeploymentRecordsAsync(
        [AsParameters] PageQuery page, [AsParameters] UsageRecordParameters parameters, UsageStore store, CancellationToken ct) =>
        RecordsAsync(UsageScope.Deployment, page, parameters, store, ct);

    private static async Task<Results<Ok<UsagePage<UsageTotal>>, ApiError>> ReportAsync(
        UsageScope scope, UsageReportKind kind, UsageParameters parameters, UsageReport report, CancellationToken ct)
    {
        var (range, filter, sums, error) = await report.ReadAsync(scope, kind, parameters, ct);
        return range is null
            ? error!
            : TypedResults.Ok(UsageResults.Page(range, sums, UsageResults.Total) with { Total = await report.TotalAsync(scope, range, filter!, ct) });
    }

    private static async Task<Results<Ok<Page<UsageRecordResource>>, ApiError>> RecordsAsync(
        UsageScope scope, PageQuery page, UsageRecordParameters parameters, UsageStore store, CancellationToken ct)
    {
        var (filter, error) = UsageRecordFilter.Read(parameters);
        return filter is null
            ? error!
            : TypedResults.Ok(Page.Of(await store.ListAsync(scope, filter, page, ct), page.Take, UsageRecordResource.From, record => record.Id));
    }
}

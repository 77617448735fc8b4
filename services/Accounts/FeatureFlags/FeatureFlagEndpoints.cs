using System.Text.Json;
using JanServer.Accounts.Auditing;
using JanServer.Contracts.Ids;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Accounts.FeatureFlags;

/// <summary>/v1/admin/feature-flags: what flags mean. Who has one is decided by the routes of groups.</summary>
internal static class FeatureFlagEndpoints
{
    public static void MapFeatureFlags(this IEndpointRouteBuilder app)
    {
        var flags = app.MapGroup("/v1/admin/feature-flags").WithTags("Administration").RequireAdmin();

        flags.MapGet("", ListAsync)
            .WithName("listFeatureFlags")
            .WithSummary("All feature flags, by key.");

        flags.MapPost("", CreateAsync)
            .WithName("createFeatureFlag")
            .WithSummary("Defines a feature flag, which groups can carry from then on.")
            .Audited("feature_flag.created");

        flags.MapPatch("/{id}", UpdateAsync)
            .WithName("updateFeatureFlag")
            .WithSummary("Changes what a feature flag says about itself; its key stays.")
            .Audited("feature_flag.updated");

        flags.MapDelete("/{id}", DeleteAsync)
            .WithName("deleteFeatureFlag")
            .WithSummary("Removes the definition of a feature flag. Groups that carry it keep it until it is taken from them.")
            .Audited("feature_flag.deleted");
    }

    private static async Task<Ok<FeatureFlagList>> ListAsync(FeatureFlagStore flags, CancellationToken ct) =>
        TypedResults.Ok(new FeatureFlagList((await flags.ListAsync(ct)).ConvertAll(FeatureFlagResource.From)));

    private static async Task<Results<Created<FeatureFlagResource>, ApiError>> CreateAsync(
        CreateFeatureFlag request, FeatureFlagStore flags, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        audit.Payload = JsonSerializer.SerializeToElement(request, FeatureFlagsJson.Default.CreateFeatureFlag);
        if (FeatureFlagFields.Check(request) is { } invalid)
        {
            return invalid;
        }

        if (await flags.CountAsync(ct) >= FeatureFlagStore.MaxFlags)
        {
            return ApiError.Conflict($"There are {FeatureFlagStore.MaxFlags} feature flags, which is as many as there may be. Remove one first.");
        }

        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var flag = new FeatureFlag
        {
            Id = Id<FeatureFlagRef>.New(clock),
            Key = request.Key!,
            Name = request.Name!.Trim(),
            Description = request.Description,
            Category = request.Category,
            CreatedAt = now,
            UpdatedAt = now,
        };
        audit.ResourceId = flag.Id.ToString();
        return await flags.AddAsync(flag, ct)
            ? TypedResults.Created($"/v1/admin/feature-flags/{flag.Id}", FeatureFlagResource.From(flag))
            : ApiError.Conflict("A feature flag has this key already.", "key");
    }

    private static async Task<Results<Ok<FeatureFlagResource>, ApiError>> UpdateAsync(
        Id<FeatureFlagRef> id, UpdateFeatureFlag request, FeatureFlagStore flags, AuditTrail audit, TimeProvider clock, CancellationToken ct)
    {
        audit.Payload = JsonSerializer.SerializeToElement(request, FeatureFlagsJson.Default.UpdateFeatureFlag);
        if (FeatureFlagFields.Check(request) is { } invalid)
        {
            return invalid;
        }

        return await flags.UpdateAsync(id, request, clock.GetUtcNow(), ct) && await flags.FindAsync(id, ct) is { } flag
            ? TypedResults.Ok(FeatureFlagResource.From(flag))
            : ApiError.NotFound("feature flag");
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(Id<FeatureFlagRef> id, FeatureFlagStore flags, CancellationToken ct) =>
        await flags.RemoveAsync(id, ct) ? TypedResults.NoContent() : ApiError.NotFound("feature flag");
}

using System.Text.Json;
using JanServer.Accounts.AdminUsers;
using JanServer.Accounts.Auditing;
using JanServer.Accounts.FeatureFlags;
using JanServer.Accounts.IdentityProvider;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JanServer.Accounts.AdminGroups;

/// <summary>The feature flags of one group. They reach its members with their next tokens.</summary>
internal static class GroupFlagEndpoints
{
    public static void MapGroupFlags(this IEndpointRouteBuilder groups)
    {
        groups.MapGet("/{id}/feature-flags", ListAsync)
            .WithName("listGroupFeatureFlags")
            .WithSummary("The feature flags of a group.")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapPatch("/{id}/feature-flags", ReplaceAsync)
            .WithName("replaceGroupFeatureFlags")
            .WithSummary("Replaces the feature flags of a group; its other attributes stay.")
            .Audited("group.feature_flags_replaced")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapPost("/{id}/feature-flags/{flagKey}", AddAsync)
            .WithName("addGroupFeatureFlag")
            .WithSummary("Gives a group a feature flag.")
            .Audited("group.feature_flag_added")
            .AddEndpointFilter<IdentityProviderFilter>();

        groups.MapDelete("/{id}/feature-flags/{flagKey}", RemoveAsync)
            .WithName("removeGroupFeatureFlag")
            .WithSummary("Takes a feature flag from a group.")
            .Audited("group.feature_flag_removed")
            .AddEndpointFilter<IdentityProviderFilter>();
    }

    private static async Task<Results<Ok<GroupFlagList>, ApiError>> ListAsync(string id, KeycloakGroups groups, CancellationToken ct) =>
        await groups.FindAsync(id, ct) is { } group ? Ok(group) : ApiError.NotFound("group");

    private static async Task<Results<Ok<GroupFlagList>, ApiError>> ReplaceAsync(
        string id, UpdateGroupFlags request, GroupChanges changes, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = JsonSerializer.SerializeToElement(request, AdminGroupsJson.Default.UpdateGroupFlags);
        if (request.Flags is not { } flags)
        {
            return ApiError.Missing("flags");
        }

        var (group, error) = await changes.ReplaceFlagsAsync(id, flags, ct);
        return group is null ? error! : Ok(group);
    }

    private static async Task<Results<Ok<GroupFlagList>, ApiError>> AddAsync(
        string id, string flagKey, GroupChanges changes, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = AdminUsersJson.Named("flag", flagKey);
        var (group, error) = await changes.AddFlagAsync(id, flagKey, ct);
        return group is null ? error! : Ok(group);
    }

    private static async Task<Results<Ok<GroupFlagList>, ApiError>> RemoveAsync(
        string id, string flagKey, GroupChanges changes, AuditTrail audit, CancellationToken ct)
    {
        audit.Payload = AdminUsersJson.Named("flag", flagKey);
        var (group, error) = await changes.RemoveFlagAsync(id, flagKey, ct);
        return group is null ? error! : Ok(group);
    }

    private static Ok<GroupFlagList> Ok(KeycloakGroup group) =>
        TypedResults.Ok(new GroupFlagList([.. GroupFlags.Of(group).Order(StringComparer.Ordinal)]));
}

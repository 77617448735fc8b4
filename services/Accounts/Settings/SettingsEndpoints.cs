using System.Text.Json;
using JanServer.Accounts.Users;
using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JanServer.Accounts.Settings;

internal static class SettingsEndpoints
{
    public static void MapSettings(this IEndpointRouteBuilder app)
    {
        // They hold what a user says about themselves: no key that was made for one purpose reads them.
        var settings = app.MapGroup("/v1/users/me/settings").WithTags("User settings").RequireScope(Scopes.All).RequireUser();

        settings.MapGet("", GetAsync)
            .WithName("getUserSettings")
            .WithSummary("What the caller has chosen, with the defaults where nothing is chosen.");

        settings.MapPatch("", UpdateAsync)
            .WithName("updateUserSettings")
            .WithSummary("Changes settings: groups merge member by member, preferences key by key, and null is the default again.");

        settings.MapGet("/preferences", GetPreferencesAsync)
            .WithName("getUserPreferences")
            .WithSummary("What clients keep for the caller.");

        settings.MapPatch("/preferences", UpdatePreferencesAsync)
            .WithName("updateUserPreferences")
            .WithSummary("Changes what clients keep for the caller, key by key; null removes a key.");

        app.MapGet("/internal/users/{id}/settings", FindAsync)
            .WithName("findUserSettings")
            .WithSummary("What a user has chosen; the defaults for an unknown one.")
            .ExcludeFromDescription()
            .RequireService();
    }

    private static async Task<Results<Ok<UserSettingsResource>, ApiError>> GetAsync(
        Caller caller, SettingsStore settings, IOptions<CapabilityOptions> capabilities, CancellationToken ct) =>
        await settings.FindAsync(caller.UserId, ct) is { } stored
            ? TypedResults.Ok(UserSettingsResource.From(stored, capabilities.Value))
            : ApiError.NotFound("user");

    private static async Task<Results<Ok<UserSettingsResource>, ApiError>> UpdateAsync(
        UpdateUserSettings change,
        Caller caller,
        SettingsStore settings,
        IOptions<CapabilityOptions> capabilities,
        TimeProvider clock,
        CancellationToken ct)
    {
        var (stored, error) = await settings.UpdateAsync(caller.UserId, known => SettingsChange.Apply(known, change), clock.GetUtcNow(), ct);
        return stored is null ? error ?? ApiError.NotFound("user") : TypedResults.Ok(UserSettingsResource.From(stored, capabilities.Value));
    }

    private static async Task<Results<Ok<UserPreferences>, ApiError>> GetPreferencesAsync(
        Caller caller, SettingsStore settings, CancellationToken ct) =>
        await settings.FindAsync(caller.UserId, ct) is { } stored
            ? TypedResults.Ok(new UserPreferences(stored.Settings.Preferences))
            : ApiError.NotFound("user");

    private static async Task<Results<Ok<UserPreferences>, ApiError>> UpdatePreferencesAsync(
        UpdateUserPreferences change, Caller caller, SettingsStore settings, TimeProvider clock, CancellationToken ct)
    {
        if (change.Preferences.ValueKind is JsonValueKind.Undefined)
        {
            return ApiError.Missing("preferences");
        }

        var (stored, error) = await settings.UpdateAsync(
            caller.UserId, known => SettingsChange.ApplyPreferences(known, change.Preferences), clock.GetUtcNow(), ct);
        return stored is null ? error ?? ApiError.NotFound("user") : TypedResults.Ok(new UserPreferences(stored.Settings.Preferences));
    }

    private static async Task<Ok<UserSettings>> FindAsync(Id<UserRef> id, SettingsStore settings, CancellationToken ct) =>
        TypedResults.Ok((await settings.FindAsync(id, ct))?.Settings ?? new() { Preferences = PreferenceDefaults.Under(new UserSettings().Preferences) });
}

using System.Text.Json;
using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.Accounts.Settings;

/// <summary>What the caller has chosen, with the defaults where nothing is chosen.</summary>
/// <param name="Id"><c>settings_…</c>; every user has one.</param>
/// <param name="UserId">The user.</param>
/// <param name="MemoryConfig">What is remembered, and how much of it reaches a prompt.</param>
/// <param name="ProfileSettings">How the user wants to be talked to.</param>
/// <param name="AdvancedSettings">What the model may use without being asked to.</param>
/// <param name="EnableTrace">Whether traces are shown.</param>
/// <param name="EnableTools">Whether tools are offered to the model.</param>
/// <param name="Preferences">What clients keep; the server gives the keys no meaning.</param>
/// <param name="ServerCapabilities">What this server can do, so that clients offer no more.</param>
/// <param name="CreatedAt">When the user chose for the first time; before that, when the account was made.</param>
/// <param name="UpdatedAt">When the user chose last.</param>
public sealed record UserSettingsResource(
    string Id,
    string UserId,
    MemoryConfig MemoryConfig,
    ProfileSettings ProfileSettings,
    AdvancedSettings AdvancedSettings,
    bool EnableTrace,
    bool EnableTools,
    IReadOnlyDictionary<string, JsonElement> Preferences,
    ServerCapabilities ServerCapabilities,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static UserSettingsResource From(StoredSettings stored, CapabilityOptions capabilities) => new(
        new Id<SettingsRef>(stored.UserId.Value).ToString(),
        stored.UserId.ToString(),
        stored.Settings.MemoryConfig,
        stored.Settings.ProfileSettings,
        stored.Settings.AdvancedSettings,
        stored.Settings.EnableTrace,
        stored.Settings.EnableTools,
        stored.Settings.Preferences,
        new(capabilities.ImageGeneration),
        stored.CreatedAt,
        stored.UpdatedAt);
}

/// <summary>What this server can do.</summary>
/// <param name="ImageGenerationEnabled">Whether it makes images.</param>
public sealed record ServerCapabilities(bool ImageGenerationEnabled);

/// <summary>
/// Changes settings. What is absent stays; null is the default again. The three groups merge member by member and
/// <c>preferences</c> key by key, where null removes the key.
/// </summary>
/// <remarks>Members are raw JSON because absent and null differ.</remarks>
public sealed record UpdateUserSettings
{
    /// <summary>Members of <c>memory_config</c>.</summary>
    public JsonElement MemoryConfig { get; init; }

    /// <summary>Members of <c>profile_settings</c>; <c>nickname</c> is taken for <c>nick_name</c>.</summary>
    public JsonElement ProfileSettings { get; init; }

    /// <summary>Members of <c>advanced_settings</c>.</summary>
    public JsonElement AdvancedSettings { get; init; }

    /// <summary>Whether traces are shown.</summary>
    public JsonElement EnableTrace { get; init; }

    /// <summary>Whether tools are offered to the model.</summary>
    public JsonElement EnableTools { get; init; }

    /// <summary>Keys of <c>preferences</c>.</summary>
    public JsonElement Preferences { get; init; }
}

/// <summary>What clients keep for the caller.</summary>
/// <param name="Preferences">By key, with the defaults.</param>
public sealed record UserPreferences(IReadOnlyDictionary<string, JsonElement> Preferences);

/// <summary>Changes what clients keep for the caller.</summary>
public sealed record UpdateUserPreferences
{
    /// <summary>The keys to change; null removes one.</summary>
    public JsonElement Preferences { get; init; }
}

/// <summary>Marks the id of a user's settings.</summary>
internal abstract class SettingsRef : IIdentified
{
    public static string IdPrefix => "settings";
}

/// <summary>Settings as they are stored, with the defaults filled in.</summary>
internal sealed record StoredSettings(Id<UserRef> UserId, UserSettings Settings, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.Accounts.Settings;

/// <summary>
/// Merges a request into what is stored. Only what a user chose is stored, so null, which stands for the default, removes it. Members
/// that no setting has are left out: clients of the reference API send some.
/// </summary>
internal static class SettingsChange
{
    private const string Preferences = "preferences";
    private const string NickName = "nick_name";
    private const string NickNameAlias = "nickname";
    private const int MaxPreferenceKeyLength = 128;
    private const int MaxPreferenceBytes = 32 * 1024;

    /// <summary>Changes <paramref name="stored"/>; when it refuses, <paramref name="stored"/> is not to be used any more.</summary>
    public static ApiError? Apply(JsonObject stored, UpdateUserSettings change) =>
        ChangeGroup(stored, "memory_config", change.MemoryConfig)
        ?? ChangeGroup(stored, "profile_settings", change.ProfileSettings)
        ?? ChangeGroup(stored, "advanced_settings", change.AdvancedSettings)
        ?? ChangeFlag(stored, "enable_trace", change.EnableTrace)
        ?? ChangeFlag(stored, "enable_tools", change.EnableTools)
        ?? ApplyPreferences(stored, change.Preferences);

    /// <summary>Changes the preferences in <paramref name="stored"/>.</summary>
    public static ApiError? ApplyPreferences(JsonObject stored, JsonElement change)
    {
        var refused = Part(stored, Preferences, change, out var preferences);
        if (preferences is null)
        {
            return refused;
        }

        foreach (var preference in change.EnumerateObject())
        {
            if (preference.Name.Length is 0 or > MaxPreferenceKeyLength)
            {
                return ApiError.Invalid(Preferences, $"A key of 'preferences' must have 1 to {MaxPreferenceKeyLength} characters.");
            }

            Put(preferences, preference.Name, preference.Value);
        }

        return Encoding.UTF8.GetByteCount(preferences.ToJsonString()) > MaxPreferenceBytes
            ? ApiError.Invalid(Preferences, $"All preferences together must not be larger than {MaxPreferenceBytes / 1024} KiB.")
            : null;
    }

    private static ApiError? ChangeGroup(JsonObject stored, string name, JsonElement change)
    {
        var refused = Part(stored, name, change, out var group);
        if (group is null)
        {
            return refused;
        }

        foreach (var (member, rule) in SettingRules.Groups[name])
        {
            if (!change.TryGetProperty(member, out var value) && !(member == NickName && change.TryGetProperty(NickNameAlias, out value)))
            {
                continue;
            }

            if (value.ValueKind != JsonValueKind.Null && rule(value) is { } complaint)
            {
                return ApiError.Invalid($"{name}.{member}", complaint);
            }

            Put(group, member, value);
        }

        return null;
    }

    private static ApiError? ChangeFlag(JsonObject stored, string name, JsonElement change)
    {
        if (change.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) && SettingRules.Flag(change) is { } complaint)
        {
            return ApiError.Invalid(name, complaint);
        }

        if (change.ValueKind != JsonValueKind.Undefined)
        {
            Put(stored, name, change);
        }

        return null;
    }

    /// <summary>Finds or makes the part of <paramref name="stored"/> to merge into; none when there is nothing to merge, or an error.</summary>
    private static ApiError? Part(JsonObject stored, string name, JsonElement change, out JsonObject? part)
    {
        part = null;
        switch (change.ValueKind)
        {
            case JsonValueKind.Undefined:
                return null;
            case JsonValueKind.Null:
                stored.Remove(name);
                return null;
            case JsonValueKind.Object when !IsStorable(change):
                return ApiError.Invalid(name, "Texts must be valid Unicode without the character U+0000.");
            case JsonValueKind.Object:
                part = stored[name] as JsonObject ?? [];
                stored[name] = part;
                return null;
            default:
                return ApiError.Invalid(name, "The value must be an object.");
        }
    }

    private static void Put(JsonObject target, string name, JsonElement value)
    {
        target.Remove(name);
        if (value.ValueKind != JsonValueKind.Null)
        {
            target[name] = JsonNode.Parse(value.GetRawText());
        }
    }

    // PostgreSQL has neither half surrogates nor U+0000, which JSON can both spell.
    private static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(member => IsStorableText(() => member.Name) && IsStorable(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.String => IsStorableText(() => value.GetString()!),
        _ => true,
    };

    private static bool IsStorableText(Func<string> read)
    {
        try
        {
            return !read().Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            // What JsonElement says about half a surrogate pair.
            return false;
        }
    }
}

using System.Collections.Frozen;
using System.Text.Json;

namespace JanServer.Accounts.Settings;

/// <summary>Which settings there are, and what each may be.</summary>
internal static class SettingRules
{
    private const int MaxNameLength = 100;
    private const int MaxTextLength = 4000;

    private static readonly string[] Styles = ["Concise", "Friendly", "Professional", ""];

    /// <summary>By group and member: says what is wrong with a value, or null when nothing is.</summary>
    public static readonly FrozenDictionary<string, FrozenDictionary<string, Func<JsonElement, string?>>> Groups =
        new Dictionary<string, FrozenDictionary<string, Func<JsonElement, string?>>>(StringComparer.Ordinal)
        {
            ["memory_config"] = Members(
                ("enabled", Flag),
                ("observe_enabled", Flag),
                ("inject_user_core", Flag),
                ("inject_semantic", Flag),
                ("inject_episodic", Flag),
                ("max_user_items", UpTo(20)),
                ("max_project_items", UpTo(50)),
                ("max_episodic_items", UpTo(20)),
                ("min_similarity", Share)),
            ["profile_settings"] = Members(
                ("base_style", Style),
                ("custom_instructions", Text(MaxTextLength)),
                ("nick_name", Text(MaxNameLength)),
                ("occupation", Text(MaxNameLength)),
                ("more_about_you", Text(MaxTextLength))),
            ["advanced_settings"] = Members(("web_search", Flag), ("code_enabled", Flag)),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The rule of everything that is on or off.</summary>
    public static string? Flag(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "The value must be true or false.";

    private static FrozenDictionary<string, Func<JsonElement, string?>> Members(params (string Name, Func<JsonElement, string?> Rule)[] members) =>
        members.ToFrozenDictionary(member => member.Name, member => member.Rule, StringComparer.Ordinal);

    private static Func<JsonElement, string?> UpTo(int max) => value =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= max
            ? null
            : $"The value must be a whole number from 0 to {max}.";

    private static string? Share(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var share) && share is >= 0 and <= 1
            ? null
            : "The value must be a number from 0 to 1.";

    private static string? Style(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Styles.Contains(value.GetString(), StringComparer.Ordinal)
            ? null
            : "The value must be Concise, Friendly, Professional or empty.";

    private static Func<JsonElement, string?> Text(int max) => value =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.Length <= max
            ? null
            : $"The value must be a text of at most {max} characters.";
}

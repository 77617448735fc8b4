using System.Text.Json;

namespace JanServer.Accounts.Settings;

/// <summary>
/// The preferences that every user has. <c>selected_model</c> is not among them: which models there are is the LLM API's to know,
/// and a client that finds none selected takes the first of <c>/v1/models</c>.
/// </summary>
internal static class PreferenceDefaults
{
    private static readonly KeyValuePair<string, JsonElement>[] All =
    [
        new("enable_deep_research", JsonElement.Parse("false")),
        new("enable_thinking", JsonElement.Parse("false")),
        new("enable_search", JsonElement.Parse("true")),
        new("enable_browser", JsonElement.Parse("false")),
    ];

    /// <summary>What the user chose, and the defaults for what they did not.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Under(IReadOnlyDictionary<string, JsonElement> chosen)
    {
        var preferences = new Dictionary<string, JsonElement>(All, StringComparer.Ordinal);
        foreach (var (key, value) in chosen)
        {
            preferences[key] = value;
        }

        return preferences;
    }
}

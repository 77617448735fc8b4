using System.Text.Json.Serialization;

namespace JanServer.Accounts.Settings;

/// <summary>Serializes what the endpoints of user settings read and write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserSettingsResource))]
[JsonSerializable(typeof(UpdateUserSettings))]
[JsonSerializable(typeof(UserPreferences))]
[JsonSerializable(typeof(UpdateUserPreferences))]
internal sealed partial class SettingsJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace JanServer.Identity.Keys;

/// <summary>Keycloak's KeysMetadataRepresentation: the signing kid by algorithm, and all keys.</summary>
public sealed record KeysMetadata(
    [property: JsonPropertyName("active")] IReadOnlyDictionary<string, string> Active,
    [property: JsonPropertyName("keys")] IReadOnlyList<KeyMetadata> Keys);

/// <summary>Keycloak's KeyMetadataRepresentation. Status is ACTIVE (signs), PASSIVE (verifies) or DISABLED.</summary>
public sealed record KeyMetadata(
    [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("algorithm")] string Algorithm,
    [property: JsonPropertyName("use")] string Use,
    [property: JsonPropertyName("publicKey")] string PublicKey)
{
    internal static KeyMetadata From(SigningKey key) => new(
        key.Kid,
        key.State switch { KeyState.Active => "ACTIVE", KeyState.Passive => "PASSIVE", _ => "DISABLED" },
        "RSA",
        "RS256",
        "SIG",
        Convert.ToBase64String(key.PublicKey));
}

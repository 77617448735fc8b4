using System.Text.Json;
using System.Text.Json.Serialization;

namespace JanServer.Accounts.IdentityProvider;

/// <summary>The token endpoint's answer (RFC 6749, section 5.1).</summary>
internal sealed record KeycloakTokens(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("token_type")] string? TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn);

/// <summary>The token endpoint's refusal (RFC 6749, section 5.2).</summary>
internal sealed record KeycloakRefusal(
    [property: JsonPropertyName("error")] string? Error);

/// <summary>A user in Keycloak's admin API, as far as accounts knows it. In a change, what is null stays.</summary>
internal sealed record KeycloakUser(
    string? Id = null,
    string? Username = null,
    string? Email = null,
    string? FirstName = null,
    string? LastName = null,
    bool? Enabled = null,
    bool? EmailVerified = null,
    IReadOnlyDictionary<string, string[]>? Attributes = null,
    IReadOnlyList<KeycloakPassword>? Credentials = null);

/// <summary>A group in Keycloak's admin API. In a change, attributes that are null stay and present ones replace all.</summary>
internal sealed record KeycloakGroup(
    string? Id = null,
    string? Name = null,
    string? Path = null,
    IReadOnlyDictionary<string, string[]>? Attributes = null);

/// <summary>A realm role in Keycloak's admin API.</summary>
internal sealed record KeycloakRole(string Id, string Name);

/// <summary>
/// Why the admin API refuses something: <c>errorMessage</c> with <c>field</c>, or <c>error_description</c> for passwords.
/// </summary>
internal sealed record KeycloakAdminRefusal(
    string? ErrorMessage = null,
    string? Field = null,
    [property: JsonPropertyName("error_description")] string? ErrorDescription = null);

/// <summary>A new password in Keycloak's admin API.</summary>
internal sealed record KeycloakPassword(string Value, bool Temporary = false, string Type = "password");

/// <summary>Serializes what is said to and by Keycloak: camelCase in the admin API, snake_case (by attribute) in OpenID Connect.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeycloakTokens))]
[JsonSerializable(typeof(KeycloakRefusal))]
[JsonSerializable(typeof(KeycloakUser))]
[JsonSerializable(typeof(KeycloakUser[]))]
[JsonSerializable(typeof(KeycloakRole))]
[JsonSerializable(typeof(KeycloakRole[]))]
[JsonSerializable(typeof(KeycloakPassword))]
[JsonSerializable(typeof(KeycloakGroup))]
[JsonSerializable(typeof(KeycloakGroup[]))]
[JsonSerializable(typeof(KeycloakAdminRefusal))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class KeycloakJson : JsonSerializerContext;

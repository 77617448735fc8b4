using System.Text.Json.Serialization;

namespace JanServer.Identity.Tokens;

/// <summary>RFC 6749 section 5.1 with Keycloak's additions. Lifetimes in seconds.</summary>
public sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    [property: JsonPropertyName("refresh_expires_in")] long RefreshExpiresIn,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("id_token")] string? IdToken,
    [property: JsonPropertyName("not-before-policy")] int NotBeforePolicy,
    [property: JsonPropertyName("session_state")] string? SessionState,
    [property: JsonPropertyName("scope")] string Scope);

using System.Text.Json.Serialization;

namespace JanServer.Identity.Realms;

/// <summary>The public description of a realm.</summary>
public sealed record RealmResource(
    [property: JsonPropertyName("realm")] string Realm,
    [property: JsonPropertyName("public_key")] string PublicKey,
    [property: JsonPropertyName("token-service")] string TokenService,
    [property: JsonPropertyName("account-service")] string AccountService,
    [property: JsonPropertyName("tokens-not-before")] int TokensNotBefore);

/// <summary>OpenID Connect Discovery 1.0 section 3, RFC 8414, RFC 9207.</summary>
public sealed record DiscoveryDocument
{
    [JsonPropertyName("issuer")]
    public required string Issuer { get; init; }

    [JsonPropertyName("authorization_endpoint")]
    public required string AuthorizationEndpoint { get; init; }

    [JsonPropertyName("token_endpoint")]
    public required string TokenEndpoint { get; init; }

    [JsonPropertyName("introspection_endpoint")]
    public required string IntrospectionEndpoint { get; init; }

    [JsonPropertyName("userinfo_endpoint")]
    public required string UserInfoEndpoint { get; init; }

    [JsonPropertyName("end_session_endpoint")]
    public required string EndSessionEndpoint { get; init; }

    [JsonPropertyName("revocation_endpoint")]
    public required string RevocationEndpoint { get; init; }

    [JsonPropertyName("jwks_uri")]
    public required string JwksUri { get; init; }

    [JsonPropertyName("grant_types_supported")]
    public IReadOnlyList<string> GrantTypes { get; } = ["authorization_code", "client_credentials", "password", "refresh_token"];

    [JsonPropertyName("response_types_supported")]
    public IReadOnlyList<string> ResponseTypes { get; } = ["code"];

    [JsonPropertyName("response_modes_supported")]
    public IReadOnlyList<string> ResponseModes { get; } = ["query", "fragment"];

    [JsonPropertyName("subject_types_supported")]
    public IReadOnlyList<string> SubjectTypes { get; } = ["public"];

    [JsonPropertyName("prompt_values_supported")]
    public IReadOnlyList<string> PromptValues { get; } = ["none", "login", "create"];

    [JsonPropertyName("id_token_signing_alg_values_supported")]
    public IReadOnlyList<string> IdTokenAlgorithms { get; } = ["RS256"];

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> TokenAuthMethods { get; } = ["client_secret_basic", "client_secret_post", "none"];

    [JsonPropertyName("introspection_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> IntrospectionAuthMethods { get; } = ["client_secret_basic", "client_secret_post"];

    [JsonPropertyName("revocation_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> RevocationAuthMethods { get; } = ["client_secret_basic", "client_secret_post", "none"];

    [JsonPropertyName("code_challenge_methods_supported")]
    public IReadOnlyList<string> CodeChallengeMethods { get; } = ["S256"];

    [JsonPropertyName("scopes_supported")]
    public IReadOnlyList<string> Scopes { get; } = [.. Tokens.Scope.Supported];

    [JsonPropertyName("claims_supported")]
    public IReadOnlyList<string> Claims { get; } =
    [
        "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "sid", "preferred_username", "email", "email_verified", "name",
        "given_name", "family_name", "groups", "feature_flags", "guest", "pid",
    ];

    [JsonPropertyName("claims_parameter_supported")]
    public bool ClaimsParameter { get; }

    [JsonPropertyName("request_parameter_supported")]
    public bool RequestParameter { get; }

    [JsonPropertyName("request_uri_parameter_supported")]
    public bool RequestUriParameter { get; }

    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public bool AuthorizationResponseIss { get; } = true;
}

using System.Text.Json.Serialization;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;

namespace JanServer.Contracts.Accounts;

/// <summary>What a verified user token says about its subject; accounts turns it into a <see cref="Principal"/>.</summary>
/// <param name="Issuer">The token's <c>iss</c>.</param>
/// <param name="Subject">The token's <c>sub</c>; unique together with <paramref name="Issuer"/>.</param>
/// <param name="Username"><c>preferred_username</c>, if present.</param>
/// <param name="Email"><c>email</c>, if present.</param>
/// <param name="EmailVerified"><c>email_verified</c>; false when absent.</param>
/// <param name="Name"><c>name</c>, if present.</param>
/// <param name="Roles">Realm and client roles of the token.</param>
/// <param name="IssuedAt">The token's <c>iat</c>: what an older token says does not undo what a newer one said. Absent: now.</param>
/// <param name="Flags"><c>feature_flags</c>: those of the user's groups; null for none, as Keycloak says it.</param>
public sealed record ResolvePrincipal(
    string Issuer,
    string Subject,
    string? Username,
    string? Email,
    bool EmailVerified,
    string? Name,
    IReadOnlyList<string> Roles,
    DateTimeOffset? IssuedAt = null,
    IReadOnlyList<string>? Flags = null);

/// <summary>Asks whose API key it is.</summary>
/// <param name="Hash">Lower-case hex SHA-256 of the whole key. The key itself never leaves the gateway.</param>
public sealed record VerifyApiKey(string Hash);

/// <summary>Asks for a principal without its credential, for work that is done when its request is long over.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ApiKeyId">The user's API key that the work was asked for with, if one was: it must still be good.</param>
public sealed record FindPrincipal(Id<UserRef> UserId, Id<ApiKeyRef>? ApiKeyId = null);

/// <summary>Who a credential speaks for, as accounts knows it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="OrganizationId">The organization whose limits and budget apply.</param>
/// <param name="ProjectId">The project within that organization.</param>
/// <param name="ApiKeyId">The API key, when the credential is one.</param>
/// <param name="Subject">The identity provider's <c>sub</c>.</param>
/// <param name="Username">The user's name at the identity provider.</param>
/// <param name="Email">The user's e-mail address, if known.</param>
/// <param name="Name">The display name, if known.</param>
/// <param name="Roles">Roles such as <c>admin</c> or <c>guest</c>.</param>
/// <param name="Scopes">What the credential may do; see <c>Scopes</c> in ServiceDefaults.</param>
/// <param name="Models">The models the credential may use; null for all.</param>
/// <param name="ExpiresAt">When the credential itself ends, if it does.</param>
/// <param name="Flags">The feature flags of the user's groups, such as <c>experimental_models</c>; null for none.</param>
public sealed record Principal(
    Id<UserRef> UserId,
    Id<OrganizationRef> OrganizationId,
    Id<ProjectRef> ProjectId,
    Id<ApiKeyRef>? ApiKeyId,
    string Subject,
    string? Username,
    string? Email,
    string? Name,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string>? Models,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<string>? Flags = null);

/// <summary>Serializes the accounts contracts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResolvePrincipal))]
[JsonSerializable(typeof(VerifyApiKey))]
[JsonSerializable(typeof(FindPrincipal))]
[JsonSerializable(typeof(Principal))]
[JsonSerializable(typeof(UserSettings))]
[JsonSerializable(typeof(RecordAudit))]
public sealed partial class AccountsJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace JanServer.Identity.Users;

/// <summary>Keycloak's UserRepresentation, as far as it is served here. On input an absent member leaves the stored value alone.</summary>
public sealed record UserRepresentation
{
    [JsonPropertyName("id")]
    public Guid? Id { get; init; }

    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("firstName")]
    public string? FirstName { get; init; }

    [JsonPropertyName("lastName")]
    public string? LastName { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("emailVerified")]
    public bool? EmailVerified { get; init; }

    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("attributes")]
    public Dictionary<string, List<string>>? Attributes { get; init; }

    [JsonPropertyName("requiredActions")]
    public List<string>? RequiredActions { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    [JsonPropertyName("createdTimestamp")]
    public long? CreatedTimestamp { get; init; }

    /// <summary>Input only.</summary>
    [JsonPropertyName("credentials")]
    public IReadOnlyList<CredentialRepresentation>? Credentials { get; init; }

    /// <summary>Input of create only: paths of the groups to join.</summary>
    [JsonPropertyName("groups")]
    public IReadOnlyList<string>? Groups { get; init; }

    internal static UserRepresentation From(User user) => new()
    {
        Id = user.Id,
        Username = user.Username,
        FirstName = user.FirstName,
        LastName = user.LastName,
        Email = user.Email,
        EmailVerified = user.EmailConfirmed,
        Enabled = user.Enabled,
        Attributes = user.Attributes.Count == 0 ? null : user.Attributes,
        RequiredActions = user.RequiredActions,
        CreatedTimestamp = user.CreatedAt.ToUnixTimeMilliseconds(),
    };
}

/// <summary>Keycloak's CredentialRepresentation; only passwords are known.</summary>
public sealed record CredentialRepresentation(
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("value")] string? Value,
    [property: JsonPropertyName("temporary")] bool? Temporary = null);

/// <summary>Keycloak's UserSessionRepresentation. Times in milliseconds since 1970.</summary>
public sealed record UserSessionRepresentation(
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("username")] string Username,
    [property: JsonPropertyName("userId")] Guid UserId,
    [property: JsonPropertyName("start")] long Start,
    [property: JsonPropertyName("lastAccess")] long LastAccess);

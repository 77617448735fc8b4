using System.Text.Json.Serialization;

namespace JanServer.Identity.Roles;

/// <summary>Keycloak's RoleRepresentation.</summary>
public sealed record RoleRepresentation(
    [property: JsonPropertyName("id")] Guid? Id,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("description")] string? Description = null,
    [property: JsonPropertyName("composite")] bool Composite = false,
    [property: JsonPropertyName("clientRole")] bool ClientRole = false,
    [property: JsonPropertyName("containerId")] string? ContainerId = Realms.Realm.Jan)
{
    internal static RoleRepresentation From(Role role) => new(role.Id, role.Name, role.Description);
}

/// <summary>The roles of one user.</summary>
public sealed record MappingsRepresentation([property: JsonPropertyName("realmMappings")] IReadOnlyList<RoleRepresentation> RealmMappings);

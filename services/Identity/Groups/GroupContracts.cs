using System.Text.Json.Serialization;

namespace JanServer.Identity.Groups;

/// <summary>Keycloak's GroupRepresentation. On update absent attributes leave the stored ones alone; present ones replace them.</summary>
public sealed record GroupRepresentation(
    [property: JsonPropertyName("id")] Guid? Id,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("path")] string? Path = null,
    [property: JsonPropertyName("attributes")] Dictionary<string, List<string>>? Attributes = null,
    [property: JsonPropertyName("subGroups")] IReadOnlyList<GroupRepresentation>? SubGroups = null)
{
    internal static GroupRepresentation From(Group group) => new(group.Id, group.Name, group.Path, group.Attributes, []);
}

/// <summary>How many groups there are.</summary>
public sealed record GroupCount([property: JsonPropertyName("count")] int Count);

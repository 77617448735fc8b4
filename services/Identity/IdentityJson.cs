using System.Text.Json;
using System.Text.Json.Serialization;
using JanServer.Identity.Errors;
using JanServer.Identity.Groups;
using JanServer.Identity.Keys;
using JanServer.Identity.Realms;
using JanServer.Identity.Roles;
using JanServer.Identity.Tokens;
using JanServer.Identity.Users;

namespace JanServer.Identity;

/// <summary>Every type that this service reads or writes as JSON. Names are spelled out on the members: they are Keycloak's.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Dictionary<string, List<string>>))]
[JsonSerializable(typeof(OAuthErrorBody))]
[JsonSerializable(typeof(AdminErrorBody))]
[JsonSerializable(typeof(RealmResource))]
[JsonSerializable(typeof(DiscoveryDocument))]
[JsonSerializable(typeof(JsonWebKeySet))]
[JsonSerializable(typeof(KeysMetadata))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(UserRepresentation))]
[JsonSerializable(typeof(List<UserRepresentation>))]
[JsonSerializable(typeof(List<UserSessionRepresentation>))]
[JsonSerializable(typeof(CredentialRepresentation))]
[JsonSerializable(typeof(List<RoleRepresentation>))]
[JsonSerializable(typeof(MappingsRepresentation))]
[JsonSerializable(typeof(List<GroupRepresentation>))]
[JsonSerializable(typeof(GroupCount))]
internal sealed partial class IdentityJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace JanServer.Accounts.AdminGroups;

/// <summary>Serializes what the endpoints of groups read and write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdminGroup))]
[JsonSerializable(typeof(AdminGroupList))]
[JsonSerializable(typeof(CreateGroup))]
[JsonSerializable(typeof(UpdateGroup))]
[JsonSerializable(typeof(GroupFlagList))]
[JsonSerializable(typeof(UpdateGroupFlags))]
internal sealed partial class AdminGroupsJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace JanServer.Accounts.AdminUsers;

/// <summary>Serializes what the endpoints of administered users read and write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdminUser))]
[JsonSerializable(typeof(AdminUserList))]
[JsonSerializable(typeof(CreateUser))]
[JsonSerializable(typeof(UpdateUser))]
[JsonSerializable(typeof(CreatedObject))]
internal sealed partial class AdminUsersJson : JsonSerializerContext
{
    /// <summary>What the audit log keeps of a new user: that there was a password, never which.</summary>
    public static JsonElement PayloadOf(CreateUser request)
    {
        var payload = JsonSerializer.SerializeToNode(request with { Password = null }, Default.CreateUser)!.AsObject();
        payload["password_set"] = request.Password is not null;
        return JsonElement.Parse(payload.ToJsonString());
    }

    /// <summary>What the audit log keeps of a change.</summary>
    public static JsonElement PayloadOf(UpdateUser request) => JsonSerializer.SerializeToElement(request, Default.UpdateUser);

    /// <summary>A payload of one name.</summary>
    public static JsonElement Named(string member, string value) => JsonElement.Parse(new JsonObject { [member] = value }.ToJsonString());
}

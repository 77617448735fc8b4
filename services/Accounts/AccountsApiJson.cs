using System.Text.Json.Serialization;
using JanServer.Accounts.ApiKeys;
using JanServer.Accounts.Sessions;
using JanServer.Accounts.Users;

namespace JanServer.Accounts;

/// <summary>Serializes what the endpoints of accounts read and write.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(CreateApiKey))]
[JsonSerializable(typeof(ApiKeyResource))]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(GuestSession))]
[JsonSerializable(typeof(RefreshTokenBody))]
[JsonSerializable(typeof(RefreshedTokens))]
[JsonSerializable(typeof(LoggedOut))]
[JsonSerializable(typeof(ValidToken))]
[JsonSerializable(typeof(Revoked))]
internal sealed partial class AccountsApiJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Listing;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.External.SignIn;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.McpTools.External;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreateServer))]
[JsonSerializable(typeof(UpdateServer))]
[JsonSerializable(typeof(UpdateServerTool))]
[JsonSerializable(typeof(ServerResource))]
[JsonSerializable(typeof(ServerDeleted))]
[JsonSerializable(typeof(Page<ServerResource>))]
[JsonSerializable(typeof(HealthResource))]
[JsonSerializable(typeof(ServerToolList))]
[JsonSerializable(typeof(ServerTest))]
[JsonSerializable(typeof(SignInStarted))]
[JsonSerializable(typeof(AuthorizationState))]
[JsonSerializable(typeof(ServerSecrets))]
[JsonSerializable(typeof(OAuthClient))]
[JsonSerializable(typeof(TokenSet))]
[JsonSerializable(typeof(PendingSignIn))]
[JsonSerializable(typeof(ResourceMetadata))]
[JsonSerializable(typeof(ServerMetadata))]
[JsonSerializable(typeof(RegisterClient))]
[JsonSerializable(typeof(RegisteredClient))]
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class ExternalJson : JsonSerializerContext;

using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace JanServer.ResponseApi.Secrets;

[JsonSerializable(typeof(JsonNode))]
internal sealed partial class SecretsJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using JanServer.Contracts.Tools;

namespace JanServer.LlmApi.McpTools;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UpdateMcpTool))]
[JsonSerializable(typeof(McpToolAnswer))]
[JsonSerializable(typeof(McpToolList))]
[JsonSerializable(typeof(ToolSettings))]
[JsonSerializable(typeof(ToolSettingsList))]
internal sealed partial class McpToolJson : JsonSerializerContext;

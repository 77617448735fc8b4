using System.Text.Json.Serialization;
using JanServer.ServiceDefaults.Paging;

namespace JanServer.McpTools.Calls;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallUpdate))]
[JsonSerializable(typeof(ReportedCaller))]
[JsonSerializable(typeof(ToolUsageReport))]
[JsonSerializable(typeof(Page<ToolCallResource>))]
internal sealed partial class CallJson : JsonSerializerContext;

using System.Text.Json;
using JanServer.Contracts.Tools;
using JanServer.ResponseApi.Items;

namespace JanServer.ResponseApi.Tools.Mcp;

/// <summary>OpenAI's <c>error</c> of an <c>mcp_call</c>.</summary>
internal static class McpErrors
{
    public static JsonElement Of(McpFailure failure) =>
        failure.Kind is McpFailureKind.Protocol ? Protocol(failure.Code, failure.Message) : Coded("http_error", failure.Code, failure.Message);

    public static JsonElement Protocol(int code, string message) => Coded("mcp_protocol_error", code, message);

    /// <summary>What the tool itself says.</summary>
    public static JsonElement Of(McpToolResult result) => ItemJson.Build(json =>
    {
        json.WriteString("type", "mcp_tool_execution_error");
        json.WriteStartArray("content");
        foreach (var block in result.Content)
        {
            block.WriteTo(json);
        }

        json.WriteEndArray();
    });

    private static JsonElement Coded(string type, int code, string message) => ItemJson.Build(json =>
    {
        json.WriteString("type", type);
        json.WriteNumber("code", code);
        json.WriteString("message", message);
    });
}

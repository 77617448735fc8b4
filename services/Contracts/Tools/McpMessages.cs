using System.Buffers;
using System.Text.Json;

namespace JanServer.Contracts.Tools;

/// <summary>Writes JSON-RPC requests of MCP and reads their answers.</summary>
internal static class McpMessages
{
    private const int InvalidAnswer = -32603;

    private static readonly McpFailure Unreadable =
        new(McpFailureKind.Protocol, InvalidAnswer, "The answer is not what the Model Context Protocol says.");

    public static ReadOnlyMemory<byte> List(string id, string? cursor) => Request(id, "tools/list", json =>
    {
        if (cursor is not null)
        {
            json.WriteString("cursor", cursor);
        }
    });

    public static ReadOnlyMemory<byte> Call(McpToolCall call) => Request(call.CallId, "tools/call", json =>
    {
        json.WriteString("name", call.Name);
        json.WritePropertyName("arguments");
        call.Arguments.WriteTo(json);
    });

    public static ReadOnlyMemory<byte> Cancelled(string id, string reason) => Request(null, "notifications/cancelled", json =>
    {
        json.WriteString("requestId", id);
        json.WriteString("reason", reason);
    });

    /// <summary>The result of the request in an answer, or its error; neither when the message is not about that request.</summary>
    public static (JsonElement? Result, McpFailure? Failure) Answer(JsonElement message, string id)
    {
        if (message.ValueKind is not JsonValueKind.Object || message.TryGetProperty("method", out _) || !IsAbout(message, id))
        {
            return default;
        }

        if (message.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object)
        {
            return (null, new(McpFailureKind.Protocol, Code(error), Text(error, "message") ?? "The server refused the request."));
        }

        return message.TryGetProperty("result", out var result) && result.ValueKind is JsonValueKind.Object ? (result, null) : (null, Unreadable);
    }

    public static (IReadOnlyList<McpTool> Tools, string? Next) Tools(JsonElement result)
    {
        var tools = new List<McpTool>();
        if (result.TryGetProperty("tools", out var listed) && listed.ValueKind is JsonValueKind.Array)
        {
            foreach (var tool in listed.EnumerateArray())
            {
                if (tool.ValueKind is JsonValueKind.Object && Text(tool, "name") is { Length: > 0 } name && Schema(tool) is { } schema)
                {
                    tools.Add(new(name, Text(tool, "description"), schema, Object(tool, "annotations")) { Meta = Object(tool, "_meta") });
                }
            }
        }

        return (tools, Text(result, "nextCursor"));
    }

    public static McpToolResult Result(JsonElement result) => new(
        result.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.Array ? [.. content.EnumerateArray()] : [],
        result.TryGetProperty("structuredContent", out var structured) && structured.ValueKind is not JsonValueKind.Null ? structured : null,
        result.TryGetProperty("isError", out var failed) && failed.ValueKind is JsonValueKind.True);

    // The id of an error is null when the server could not read the request.
    private static bool IsAbout(JsonElement message, string id) =>
        !message.TryGetProperty("id", out var about)
        || about.ValueKind is JsonValueKind.Null
        || (about.ValueKind is JsonValueKind.String && about.ValueEquals(id));

    private static JsonElement? Schema(JsonElement tool) => Object(tool, "inputSchema");

    private static JsonElement? Object(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static int Code(JsonElement error) =>
        error.TryGetProperty("code", out var code) && code.ValueKind is JsonValueKind.Number && code.TryGetInt32(out var number) ? number : InvalidAnswer;

    private static ReadOnlyMemory<byte> Request(string? id, string method, Action<Utf8JsonWriter> parameters)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            if (id is not null)
            {
                json.WriteString("id", id);
            }

            json.WriteString("method", method);
            json.WriteStartObject("params");
            parameters(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}

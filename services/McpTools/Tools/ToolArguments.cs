using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanServer.McpTools.Tools;

/// <summary>
/// Takes out of a call's arguments what the reference's clients add to every call: ids of the call, the request, the conversation and
/// the user. The first and the third stand in for headers that are absent; none of them says who the caller is.
/// </summary>
internal static class ToolArguments
{
    private const int MaxId = 256;
    private const string CallId = "tool_call_id";
    private const string ConversationId = "conversation_id";

    private static readonly string[] Passthrough = [CallId, "request_id", ConversationId, "user_id"];

    /// <summary>The call as its tool gets it. Arguments that the tool's own schema declares stay.</summary>
    public static ToolCall Separate(ToolCall call, JsonElement inputSchema)
    {
        if (call.Arguments.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return call with { Arguments = JsonElement.Parse("{}") };
        }

        if (call.Arguments.ValueKind is not JsonValueKind.Object || !Passthrough.Any(name => call.Arguments.TryGetProperty(name, out _)))
        {
            return call;
        }

        return call with
        {
            CallId = call.CallId ?? IdOf(call.Arguments, CallId),
            ConversationId = call.ConversationId ?? IdOf(call.Arguments, ConversationId),
            Arguments = Without(call.Arguments, [.. Passthrough.Where(name => !Declares(inputSchema, name))]),
        };
    }

    private static bool Declares(JsonElement schema, string name) =>
        schema.ValueKind is JsonValueKind.Object
        && schema.TryGetProperty("properties", out var properties)
        && properties.ValueKind is JsonValueKind.Object
        && properties.TryGetProperty(name, out _);

    private static string? IdOf(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= MaxId } id ? id : null;

    private static JsonElement Without(JsonElement arguments, string[] names)
    {
        var rest = JsonObject.Create(arguments)!;
        foreach (var name in names)
        {
            rest.Remove(name);
        }

        return JsonElement.Parse(rest.ToJsonString());
    }
}

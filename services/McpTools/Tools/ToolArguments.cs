using System.Text.Json;
using System.Text.Json.Nodes;

namespace JanServer.McpTools.Tools;

/// <summary>
/// Takes out of a call's arguments what the reference's clients add to every call: ids of the call, the request, the conversation and
/// the user. The first and the third stand in for headers that are absent; none of them says who the caller is. Takes out, too, the
/// nulls that models write for arguments they do not give.
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

        if (call.Arguments.ValueKind is not JsonValueKind.Object)
        {
            return call;
        }

        List<string> extra =
        [
            .. call.Arguments.EnumerateObject()
                .Where(one => PropertyOf(inputSchema, one.Name) is { } declared
                    ? one.Value.ValueKind is JsonValueKind.Null && IsOptionalValue(inputSchema, declared, one.Name)
                    : Passthrough.Contains(one.Name, StringComparer.Ordinal))
                .Select(one => one.Name),
        ];
        return call with
        {
            CallId = call.CallId ?? IdOf(call.Arguments, CallId),
            ConversationId = call.ConversationId ?? IdOf(call.Arguments, ConversationId),
            Arguments = extra.Count > 0 ? Without(call.Arguments, extra) : call.Arguments,
        };
    }

    private static JsonElement? PropertyOf(JsonElement schema, string name) =>
        schema.ValueKind is JsonValueKind.Object
        && schema.TryGetProperty("properties", out var properties)
        && properties.ValueKind is JsonValueKind.Object
        && properties.TryGetProperty(name, out var declared) ? declared : null;

    /// <summary>Whether the argument need not be given, and may not be null: its schema names one type, or values of its own.</summary>
    private static bool IsOptionalValue(JsonElement schema, JsonElement declared, string name) =>
        declared.ValueKind is JsonValueKind.Object
        && (declared.TryGetProperty("type", out var type)
            ? type.ValueKind is JsonValueKind.String && !type.ValueEquals("null"u8)
            : declared.TryGetProperty("$ref", out _) || (declared.TryGetProperty("enum", out var values) && values.ValueKind is JsonValueKind.Array
                && !values.EnumerateArray().Any(value => value.ValueKind is JsonValueKind.Null)))
        && !(schema.TryGetProperty("required", out var required) && required.ValueKind is JsonValueKind.Array
            && required.EnumerateArray().Any(one => one.ValueKind is JsonValueKind.String && one.ValueEquals(name)));

    private static string? IdOf(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= MaxId } id ? id : null;

    private static JsonElement Without(JsonElement arguments, List<string> names)
    {
        var rest = JsonObject.Create(arguments)!;
        foreach (var name in names)
        {
            rest.Remove(name);
        }

        return JsonElement.Parse(rest.ToJsonString());
    }
}

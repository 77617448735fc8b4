using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Requests;

/// <summary>
/// The headers of revision 2026-07-28 that repeat parts of the body so that proxies can route by them. Whoever routed by a header
/// must not have been lied to: what differs from the body is refused (-32020).
/// </summary>
internal static class MirroredHeaders
{
    private const string EncodedPrefix = "=?base64?";
    private const string EncodedSuffix = "?=";
    private const string Annotation = "x-mcp-header";

    /// <summary>Checks <c>Mcp-Method</c> and, where a request names something, <c>Mcp-Name</c>.</summary>
    public static RequestError? CheckStandard(IHeaderDictionary headers, JsonRpcRequest request) =>
        Compare(headers, HeaderNames.Method, request.Method)
        ?? (NameOf(request) is { } name ? Compare(headers, HeaderNames.Name, name) : null);

    /// <summary>Checks the <c>Mcp-Param-*</c> headers that the tool's input schema asks for.</summary>
    public static RequestError? CheckParameters(IHeaderDictionary headers, JsonElement inputSchema, JsonElement arguments)
    {
        if (inputSchema.ValueKind != JsonValueKind.Object
            || !inputSchema.TryGetProperty("properties"u8, out var properties)
            || properties.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in properties.EnumerateObject())
        {
            var given = arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(property.Name, out var value) ? value : default;
            var error = property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty(Annotation, out var header)
                ? CheckParameter(headers, HeaderNames.ParameterPrefix + header.GetString(), given)
                : CheckParameters(headers, property.Value, given);
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static string? NameOf(JsonRpcRequest request)
    {
        var field = request.Method switch
        {
            RequestMethods.ToolsCall or RequestMethods.PromptsGet => "name",
            RequestMethods.ResourcesRead => "uri",
            _ => null,
        };
        return field is not null && request.Params is JsonObject parameters && parameters[field] is JsonValue value && value.TryGetValue(out string? name)
            ? name
            : null;
    }

    private static RequestError? Compare(IHeaderDictionary headers, string name, string inBody)
    {
        if (!headers.TryGetValue(name, out var values) || values.Count == 0)
        {
            return RequestError.HeaderMismatch($"Header {name} is missing; the body says '{inBody}'.");
        }

        return values.Count == 1 && Decode(values[0]!) is { } text && text == inBody
            ? null
            : RequestError.HeaderMismatch($"Header {name} says '{values}' and the body '{inBody}'.");
    }

    private static RequestError? CheckParameter(IHeaderDictionary headers, string name, JsonElement given)
    {
        var sent = headers.TryGetValue(name, out var values) && values.Count > 0;
        if (given.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return sent ? RequestError.HeaderMismatch($"Header {name} is sent, but the arguments have no such value.") : null;
        }

        if (!sent)
        {
            return RequestError.HeaderMismatch($"Header {name} is missing; the arguments have a value for it.");
        }

        return values.Count == 1 && Decode(values[0]!) is { } text && IsSame(text, given)
            ? null
            : RequestError.HeaderMismatch($"Header {name} does not say what the arguments say.");
    }

    private static bool IsSame(string text, JsonElement given) => given.ValueKind switch
    {
        JsonValueKind.String => given.ValueEquals(text),
        JsonValueKind.True => text == "true",
        JsonValueKind.False => text == "false",

        // 42 and 42.0 are the same integer.
        JsonValueKind.Number => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && given.TryGetDecimal(out var expected)
            && number == expected,
        _ => false,
    };

    /// <summary>The text that a header stands for, or null when it is none.</summary>
    private static string? Decode(string value)
    {
        if (!value.StartsWith(EncodedPrefix, StringComparison.Ordinal) || !value.EndsWith(EncodedSuffix, StringComparison.Ordinal))
        {
            return value.All(c => c is '\t' or (>= ' ' and <= '~')) ? value : null;
        }

        var encoded = value[EncodedPrefix.Length..^EncodedSuffix.Length];
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}

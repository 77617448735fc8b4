using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Requests;

/// <summary>What a POST carries: one message, or the messages of a batch.</summary>
/// <param name="Messages">In their order; those that are malformed are errors.</param>
/// <param name="IsBatch">Whether they came in an array.</param>
internal sealed record MessageBody(IReadOnlyList<ParsedMessage> Messages, bool IsBatch)
{
    /// <summary>Reads the body up to its limit.</summary>
    public static async Task<(MessageBody? Body, RequestError? Error)> ReadAsync(HttpContext context, ProtocolOptions options, CancellationToken ct)
    {
        if (!context.Request.HasJsonContentType())
        {
            return (null, RequestError.Invalid("The body must be sent as 'Content-Type: application/json'.", StatusCodes.Status415UnsupportedMediaType));
        }

        if (context.Request.ContentLength > options.MaxBodyBytes)
        {
            return (null, RequestError.TooLarge(options.MaxBodyBytes));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = options.MaxBodyBytes;
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, default, ct);
            return Parse(document.RootElement, options);
        }
        catch (JsonException)
        {
            return (null, RequestError.Unparsable());
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, RequestError.TooLarge(options.MaxBodyBytes));
        }
    }

    private static (MessageBody? Body, RequestError? Error) Parse(JsonElement json, ProtocolOptions options)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return (new([ParsedMessage.Of(json)], IsBatch: false), null);
        }

        var count = json.GetArrayLength();
        return count == 0 || count > options.MaxBatch
            ? (null, RequestError.Invalid($"A batch has 1 to {options.MaxBatch} messages."))
            : (new([.. json.EnumerateArray().Select(ParsedMessage.Of)], IsBatch: true), null);
    }
}

/// <summary>A message, or why it is none.</summary>
/// <param name="Message">The message.</param>
/// <param name="Id">Its id, as far as it could be read; for the error.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct ParsedMessage(JsonRpcMessage? Message, RequestId Id, RequestError? Error)
{
    /// <summary>Checks the form that JSON-RPC 2.0 and MCP ask for, then reads the message.</summary>
    public static ParsedMessage Of(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new(null, default, RequestError.Invalid("A message is a JSON object."));
        }

        var id = IdOf(json, out var hasId);
        if (Fault(json, hasId, id) is { } fault)
        {
            return new(null, id, RequestError.Invalid(fault));
        }

        try
        {
            return new(json.Deserialize(McpJson.TypeOf<JsonRpcMessage>()), id, null);
        }
        catch (JsonException)
        {
            return new(null, id, RequestError.Invalid("The message is neither a request nor a notification nor a response of JSON-RPC 2.0."));
        }
    }

    private static string? Fault(JsonElement json, bool hasId, RequestId id)
    {
        if (!json.TryGetProperty("jsonrpc"u8, out var version) || version.ValueKind != JsonValueKind.String || !version.ValueEquals("2.0"u8))
        {
            return "'jsonrpc' must be \"2.0\".";
        }

        if (hasId && id.Id is null)
        {
            return "'id' must be a string or an integer.";
        }

        if (!json.TryGetProperty("method"u8, out var method))
        {
            return json.TryGetProperty("result"u8, out _) || json.TryGetProperty("error"u8, out _) ? null : "'method' is missing.";
        }

        if (method.ValueKind != JsonValueKind.String || method.GetString() is not { Length: > 0 } name)
        {
            return "'method' must be a string.";
        }

        if (json.TryGetProperty("params"u8, out var parameters) && parameters.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            return "'params' must be an object.";
        }

        return hasId || name.StartsWith("notifications/", StringComparison.Ordinal) ? null : $"'{name}' is a request and needs an 'id'.";
    }

    private static RequestId IdOf(JsonElement json, out bool hasId)
    {
        hasId = json.TryGetProperty("id"u8, out var id);
        return id.ValueKind switch
        {
            JsonValueKind.String => new(id.GetString()!),
            JsonValueKind.Number when id.TryGetInt64(out var number) => new(number),
            _ => default,
        };
    }
}

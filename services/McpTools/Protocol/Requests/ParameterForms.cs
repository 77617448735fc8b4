using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Requests;

/// <summary>Tells a client that its parameters have the wrong form. The SDK alone would call that an internal error.</summary>
internal static class ParameterForms
{
    private static readonly FrozenDictionary<string, JsonTypeInfo> Types = new Dictionary<string, JsonTypeInfo>
    {
        [RequestMethods.Initialize] = McpJson.TypeOf<InitializeRequestParams>(),
        [RequestMethods.ToolsList] = McpJson.TypeOf<ListToolsRequestParams>(),
        [RequestMethods.ToolsCall] = McpJson.TypeOf<CallToolRequestParams>(),
        [RequestMethods.PromptsList] = McpJson.TypeOf<ListPromptsRequestParams>(),
        [RequestMethods.PromptsGet] = McpJson.TypeOf<GetPromptRequestParams>(),
        [RequestMethods.ResourcesList] = McpJson.TypeOf<ListResourcesRequestParams>(),
        [RequestMethods.ResourcesTemplatesList] = McpJson.TypeOf<ListResourceTemplatesRequestParams>(),
        [RequestMethods.ResourcesRead] = McpJson.TypeOf<ReadResourceRequestParams>(),
        [RequestMethods.ResourcesSubscribe] = McpJson.TypeOf<SubscribeRequestParams>(),
        [RequestMethods.ResourcesUnsubscribe] = McpJson.TypeOf<UnsubscribeRequestParams>(),
        [RequestMethods.CompletionComplete] = McpJson.TypeOf<CompleteRequestParams>(),
        [RequestMethods.LoggingSetLevel] = McpJson.TypeOf<SetLevelRequestParams>(),
        [RequestMethods.SubscriptionsListen] = McpJson.TypeOf<SubscriptionsListenRequestParams>(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The error for parameters that cannot be read; null when they can or the method is unknown.</summary>
    public static RequestError? Check(JsonRpcRequest request)
    {
        if (!Types.TryGetValue(request.Method, out var type))
        {
            return null;
        }

        try
        {
            if ((request.Params ?? new JsonObject()).Deserialize(type) is not null)
            {
                return null;
            }
        }
        catch (JsonException wrong)
        {
            var path = wrong.Path is { Length: > 1 } at && at.StartsWith("$.", StringComparison.Ordinal) ? at[1..] : "";
            return Error($"'params{path}' is missing or has the wrong form.");
        }

        return Error("'params' is required.");
    }

    private static RequestError Error(string message) => new(StatusCodes.Status200OK, McpErrorCode.InvalidParams, message);
}

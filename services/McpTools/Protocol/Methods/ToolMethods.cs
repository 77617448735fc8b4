using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary><c>tools/list</c> and <c>tools/call</c>.</summary>
internal sealed class ToolMethods(ToolCatalogue catalogue, ClientInput input, IOptions<ProtocolOptions> options) : IMethods
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("{}"u8);

    public void AddTo(McpServerOptions server, McpRequest request)
    {
        server.Handlers.ListToolsHandler = (context, ct) => ListAsync(context.Params?.Cursor, request, ct);
        server.Handlers.CallToolHandler = (context, ct) => CallAsync(context, request, ct);
    }

    /// <summary>The arguments of a call as one JSON object.</summary>
    public static JsonElement ArgumentsOf(JsonRpcRequest call) =>
        call.Params is JsonObject parameters && parameters["arguments"] is JsonObject arguments
            ? JsonSerializer.SerializeToElement(arguments, McpJson.TypeOf<JsonObject>())
            : NoArguments;

    private async ValueTask<ListToolsResult> ListAsync(string? cursor, McpRequest request, CancellationToken ct)
    {
        var (tools, next) = ListPage.Of(await catalogue.ListAsync(request.Caller, ct), tool => tool.Name, cursor, options.Value.PageSize);
        return new() { Tools = tools, NextCursor = next };
    }

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> context, McpRequest request, CancellationToken ct)
    {
        var parameters = context.Params is { Name.Length: > 0 } named
            ? named
            : throw new McpProtocolException("'params.name' is required.", McpErrorCode.InvalidParams);
        var arguments = ArgumentsOf(context.JsonRpcRequest);
        if (request.IsStateless
            && await catalogue.FindDefinitionAsync(request.Caller, parameters.Name, ct) is { } tool
            && MirroredHeaders.CheckParameters(request.Headers, tool.InputSchema, arguments) is { } error)
        {
            throw new McpProtocolException(error.Message, error.Code);
        }

        await using var progress = parameters.ProgressToken is { } token && request.Answer.CanNotify ? new ProgressRelay(request.Answer, token, ct) : null;
        var call = new ToolCall(parameters.Name, request.Caller, arguments)
        {
            CallId = request.ToolCallId,
            ConversationId = request.ConversationId,
            IdempotencyKey = request.IdempotencyKey,
            Progress = progress,
        };
        return await input.GatherAsync(
            context, parameters, parameters.Name, request, dialogue => catalogue.CallAsync(call with { Client = dialogue }, ct), ct);
    }
}

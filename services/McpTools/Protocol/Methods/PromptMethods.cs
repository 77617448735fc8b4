using System.Text.Json;
using JanServer.McpTools.Prompts;
using JanServer.McpTools.Protocol.Requests;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary><c>prompts/list</c> and <c>prompts/get</c>.</summary>
internal sealed class PromptMethods(PromptCatalogue catalogue, ClientInput input, IOptions<ProtocolOptions> options) : IMethods
{
    public void AddTo(McpServerOptions server, McpRequest request)
    {
        server.Handlers.ListPromptsHandler = (context, ct) => ListAsync(context.Params?.Cursor, request, ct);
        server.Handlers.GetPromptHandler = (context, ct) => GetAsync(context, request, ct);
    }

    private async ValueTask<ListPromptsResult> ListAsync(string? cursor, McpRequest request, CancellationToken ct)
    {
        var (prompts, next) = ListPage.Of(await catalogue.ListAsync(request.Caller, ct), prompt => prompt.Name, cursor, options.Value.PageSize);
        return new() { Prompts = prompts, NextCursor = next };
    }

    private ValueTask<GetPromptResult> GetAsync(RequestContext<GetPromptRequestParams> context, McpRequest request, CancellationToken ct)
    {
        var parameters = context.Params is { Name.Length: > 0 } named
            ? named
            : throw new McpProtocolException("'params.name' is required.", McpErrorCode.InvalidParams);
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters.Arguments ?? new Dictionary<string, JsonElement>())
        {
            arguments[name] = value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new McpProtocolException($"'params.arguments.{name}' must be a string.", McpErrorCode.InvalidParams);
        }

        return input.GatherAsync(
            context,
            parameters,
            parameters.Name,
            request,
            dialogue => catalogue.GetAsync(new(parameters.Name, request.Caller, arguments, dialogue), ct),
            ct);
    }
}

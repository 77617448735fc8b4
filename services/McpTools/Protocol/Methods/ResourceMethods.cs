using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Sessions;
using JanServer.McpTools.Resources;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary><c>resources/*</c>. Subscriptions are part of a session; revision 2026-07-28 has <c>subscriptions/listen</c> instead.</summary>
internal sealed class ResourceMethods(ResourceCatalogue catalogue, SessionStore sessions, IOptions<ProtocolOptions> options) : IMethods
{
    private const int MaxUriLength = 2048;

    public void AddTo(McpServerOptions server, McpRequest request)
    {
        server.Handlers.ListResourcesHandler = (context, ct) => ListAsync(context.Params?.Cursor, request, ct);
        server.Handlers.ListResourceTemplatesHandler = (context, ct) => ListTemplatesAsync(context.Params?.Cursor, request, ct);
        server.Handlers.ReadResourceHandler = (context, ct) => ReadAsync(context.Params?.Uri, request, ct);
        server.Handlers.SubscribeToResourcesHandler = (context, ct) => SubscribeAsync(context.Params?.Uri, request, ct);
        server.Handlers.UnsubscribeFromResourcesHandler = (context, ct) => UnsubscribeAsync(context.Params?.Uri, request, ct);
    }

    private async ValueTask<ListResourcesResult> ListAsync(string? cursor, McpRequest request, CancellationToken ct)
    {
        var all = await catalogue.ListAsync(request.Caller, ct);
        var (resources, next) = ListPage.Of(all, resource => resource.Uri, cursor, options.Value.PageSize);
        return new() { Resources = resources, NextCursor = next };
    }

    private async ValueTask<ListResourceTemplatesResult> ListTemplatesAsync(string? cursor, McpRequest request, CancellationToken ct)
    {
        var all = await catalogue.ListTemplatesAsync(request.Caller, ct);
        var (templates, next) = ListPage.Of(all, template => template.UriTemplate, cursor, options.Value.PageSize);
        return new() { ResourceTemplates = templates, NextCursor = next };
    }

    private async ValueTask<ReadResourceResult> ReadAsync(string? uri, McpRequest request, CancellationToken ct)
    {
        var wanted = Require(uri);
        return await catalogue.ReadAsync(request.Caller, wanted, ct)
            ?? throw new McpProtocolException("Resource not found.", request.IsStateless ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound)
            {
                Data = { ["uri"] = wanted },
            };
    }

    private async ValueTask<EmptyResult> SubscribeAsync(string? uri, McpRequest request, CancellationToken ct) =>
        await sessions.SubscribeAsync(SessionOf(request), Require(uri), ct)
            ? new()
            : throw new McpProtocolException("This session has too many subscriptions.", McpErrorCode.InvalidRequest);

    private async ValueTask<EmptyResult> UnsubscribeAsync(string? uri, McpRequest request, CancellationToken ct)
    {
        await sessions.UnsubscribeAsync(SessionOf(request), Require(uri), ct);
        return new();
    }

    private static Session SessionOf(McpRequest request) => request.Session ?? throw new McpProtocolException(
        "Subscriptions take a session: send initialize first, and its Mcp-Session-Id with every request.", McpErrorCode.InvalidRequest);

    private static string Require(string? uri) => uri is { Length: > 0 and <= MaxUriLength }
        ? uri
        : throw new McpProtocolException($"'params.uri' is required, with {MaxUriLength} characters at most.", McpErrorCode.InvalidParams);
}

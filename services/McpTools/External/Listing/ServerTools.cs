using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Connections;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Servers;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.External.Listing;

/// <summary>The tools of one server, for whoever looks at the server itself.</summary>
internal sealed class ServerTools(
    ServerStore servers, ToolListStore lists, ExternalToolSource source, ToolRefresh refresh, CallTurns turns, TimeProvider clock)
{
    /// <summary>The tools as last seen; null when the caller has no such server.</summary>
    public async Task<ServerToolList?> ListAsync(Caller caller, ServerAccess access, Id<ExternalServer> id, CancellationToken ct)
    {
        if (await servers.FindAsync(caller, access, id, ct) is not { } server)
        {
            return null;
        }

        var list = (await lists.FindAsync([id.Value], caller.UserId.Value, ct)).GetValueOrDefault(id.Value);
        var names = (await source.ListAsync(caller, ct)).OfType<ExternalTool>().Where(tool => tool.Server.Id == id)
            .ToDictionary(tool => tool.OwnName, tool => tool.Definition.Name, StringComparer.Ordinal);
        var tools = ToolReader.ReadAll(list?.Tools).Select(tool => new ServerToolResource(
            tool.Name,
            names.GetValueOrDefault(tool.Name),
            tool.Title ?? tool.Annotations?.Title,
            tool.Description,
            tool.InputSchema,
            tool.OutputSchema,
            server.Offers(tool.Name),
            server.ApprovalOf(tool.Name)));
        return new(
            [.. tools], list?.FetchedAt?.ToUnixTimeSeconds(), list?.FetchedAt is { } at ? Math.Max(0, (long)(clock.GetUtcNow() - at).TotalSeconds) : null);
    }

    /// <summary>Looks at the tools now; null when the caller has no such server.</summary>
    public async Task<ServerTest?> TestAsync(Caller caller, ServerAccess access, Id<ExternalServer> id, CancellationToken ct)
    {
        if (await servers.FindAsync(caller, access, id, ct) is not { } server)
        {
            return null;
        }

        var start = clock.GetTimestamp();
        RefreshResult result;
        try
        {
            using var turn = await turns.WaitAsync(id, ct);
            result = await refresh.RunAsync(server, server.PrincipalOf(caller.UserId), ct);
        }
        catch (ServerFailureException e)
        {
            result = new(e.Failure, false, 0, null, null, null);
        }

        return new(
            id.ToString(),
            result.Failure is null,
            result.Failure?.Class,
            result.Failure?.Message,
            result.ToolCount,
            result.Protocol,
            result.Name,
            result.Version,
            (long)clock.GetElapsedTime(start).TotalMilliseconds);
    }
}

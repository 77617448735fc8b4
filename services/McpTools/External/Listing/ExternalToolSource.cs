using JanServer.McpTools.External.Servers;
using JanServer.McpTools.External.SignIn;
using JanServer.McpTools.Tools;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.McpTools.External.Listing;

/// <summary>
/// The tools of the external servers that a caller may use, from the database alone: a server that is down neither slows a list nor empties
/// it. Names are given first to built-in tools, then to servers of the configuration, of administrators, of the organization, of the user.
/// </summary>
internal sealed class ExternalToolSource(IServiceScopeFactory scopes, IEnumerable<ITool> builtIn, ExternalCalls calls) : IToolSource
{
    private readonly string[] _builtIn = [.. builtIn.Select(tool => tool.Definition.Name)];

    public async ValueTask<IReadOnlyList<ITool>> ListAsync(Caller caller, CancellationToken ct)
    {
        if (caller.Method == AuthMethod.Service)
        {
            return [];
        }

        await using var scope = scopes.CreateAsyncScope();
        var servers = await scope.ServiceProvider.GetRequiredService<ServerStore>().ListEnabledAsync(caller, ct);
        if (servers.Count == 0)
        {
            return [];
        }

        var ids = servers.ConvertAll(server => server.Id.Value).ToArray();
        var store = scope.ServiceProvider.GetRequiredService<ToolListStore>();
        var lists = await store.FindAsync(ids, caller.UserId.Value, ct);
        if (lists.Values.Where(list => list.IsRarelyUsed).Select(list => list.ServerId).ToArray() is { Length: > 0 } stale)
        {
            await store.UsedAsync(stale, ct);
        }

        var signedIn = servers.Exists(server => server.NeedsSignIn)
            ? await scope.ServiceProvider.GetRequiredService<AuthorizationStore>().SignedInAsync(caller.UserId, ids, ct)
            : [];
        return Named(servers, lists, signedIn);
    }

    public async ValueTask<ITool?> FindAsync(Caller caller, string name, CancellationToken ct)
    {
        // A name depends on those before it.
        var tools = await ListAsync(caller, ct);
        return tools.FirstOrDefault(tool => tool.Definition.Name == name);
    }

    private List<ITool> Named(List<ExternalServer> servers, Dictionary<Guid, ToolList> lists, HashSet<Guid> signedIn)
    {
        var names = new ToolNames(_builtIn);
        var tools = new List<ITool>();
        foreach (var server in servers)
        {
            var list = lists.GetValueOrDefault(server.Id.Value);
            if (list?.Tools is null)
            {
                if (server.NeedsSignIn && !signedIn.Contains(server.Id.Value))
                {
                    tools.Add(new SignInTool(server, names.Next(server.Label, SignInTool.Name, server.Id.Value), calls));
                }

                continue;
            }

            // All are named, so that no name changes when another tool is allowed or denied.
            foreach (var tool in ToolReader.ReadAll(list.Tools))
            {
                var name = names.Next(server.Label, tool.Name, server.Id.Value);
                if (server.Offers(tool.Name))
                {
                    tools.Add(new ExternalTool(server, tool, name, calls));
                }
            }
        }

        return tools;
    }
}

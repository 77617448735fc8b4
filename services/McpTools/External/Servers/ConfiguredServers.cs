using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Listing;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Servers;

/// <summary>
/// Writes the operator's servers into the table when the service starts, so that their tools and their health are kept as others' are.
/// Those that are no longer configured go. A server that is not right stops the start.
/// </summary>
internal sealed class ConfiguredServers(IServiceScopeFactory scopes, IOptions<ExternalOptions> options, TimeProvider clock) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<ServerStore>();
        var lists = scope.ServiceProvider.GetRequiredService<ToolListStore>();
        var stored = (await store.ListConfiguredAsync(cancellationToken)).ToDictionary(server => server.Label, StringComparer.Ordinal);
        foreach (var (label, configured) in options.Value.Servers)
        {
            var server = Server(label, configured);
            stored.Remove(label, out var old);
            if (old is not null)
            {
                // Another revision each time: headers that changed do not show here.
                server = server with { Id = old.Id, Revision = old.Revision + 1, CreatedAt = old.CreatedAt };
                await store.UpdateAsync(old, server, cancellationToken);
            }
            else if (!await store.AddAsync(server, cancellationToken))
            {
                if (!(await store.ListConfiguredAsync(cancellationToken)).Exists(one => one.Label == label))
                {
                    throw new InvalidOperationException($"ExternalServers:Servers:{label}: an administrator has registered a server of that label.");
                }

                // Another replica was first.
                continue;
            }

            if (!server.NeedsSignIn)
            {
                await lists.DueAsync(server.Id, Guid.Empty, cancellationToken);
            }
        }

        foreach (var gone in stored.Values)
        {
            await store.RemoveAsync(gone.Id, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private ExternalServer Server(string label, ConfiguredServerOptions configured)
    {
        var isProgram = configured.Command is not null;
        var input = new CreateServer
        {
            Label = label,
            Description = configured.Description,
            Transport = isProgram ? ExternalServer.Stdio : ExternalServer.Http,
            Url = configured.Url,
            Command = configured.Command,
            Args = isProgram ? configured.Args.AsReadOnly() : null,
            Env = isProgram ? configured.Env.AsReadOnly() : null,
            Headers = isProgram ? null : configured.Headers.AsReadOnly(),
            Auth = configured.Auth,
            Oauth = configured.Auth == ExternalServer.OAuth ? new(configured.ClientId, configured.ClientSecret, configured.Scopes.AsReadOnly()) : null,
            Enabled = configured.Enabled,
            AllowedTools = configured.AllowedTools.Count > 0 ? configured.AllowedTools.AsReadOnly() : null,
            DeniedTools = configured.DeniedTools.AsReadOnly(),
            RequireApproval = configured.RequireApproval,
            TimeoutSeconds = configured.TimeoutSeconds,
        };
        var (server, _, error) = ServerDraft.Of(input, clock.GetUtcNow(), Id<ExternalServer>.New(clock));
        return server is null ? throw Wrong(label, error!) : server with { Source = ExternalServer.FromConfiguration };
    }

    private static InvalidOperationException Wrong(string label, ApiError error) =>
        new($"ExternalServers:Servers:{label} is not right: {error.Param}: {error.Message}");
}

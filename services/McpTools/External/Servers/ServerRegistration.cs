using JanServer.Contracts.Ids;
using JanServer.McpTools.External.Health;
using JanServer.McpTools.External.Listing;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.External.SignIn;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.Servers;

/// <summary>Registers, changes and removes servers for their owners and for administrators.</summary>
internal sealed class ServerRegistration(
    ServerStore store,
    SecretReader secrets,
    ServerAddresses addresses,
    ToolListStore lists,
    HealthStore health,
    AuthorizationStore authorizations,
    ListSignals signals,
    RefreshSchedule schedule,
    IOptions<ExternalOptions> options,
    TimeProvider clock)
{
    /// <summary>Registers a server for the caller, or as an administrator.</summary>
    public async Task<(ExternalServer? Server, ApiError? Error)> CreateAsync(Caller caller, ServerAccess access, CreateServer input, CancellationToken ct)
    {
        if (access == ServerAccess.Own && MayRegister(caller, input) is { } refused)
        {
            return (null, refused);
        }

        var (draft, secret, error) = ServerDraft.Of(input, clock.GetUtcNow(), Id<ExternalServer>.New(clock));
        if (draft is null)
        {
            return (null, error);
        }

        draft = draft with { CreatedBy = caller.UserId };
        if (access == ServerAccess.Own)
        {
            draft = draft with
            {
                Scope = ExternalServer.ForUser,
                OrganizationId = caller.OrganizationId,
                UserId = caller.UserId,
                ProjectId = caller.ProjectId,
            };
        }

        if (await ReachableAsync(draft, ct) is { } unreachable)
        {
            return (null, unreachable);
        }

        if (secrets.With(draft, secret) is not { } server)
        {
            return (null, SecretBox.NoKey(ParamOf(secret)));
        }

        var max = access == ServerAccess.Own ? options.Value.MaxServersPerUser : options.Value.MaxAdminServers;
        if (await store.CountAsync(caller, access, ct) >= max)
        {
            return (null, ApiError.Conflict($"There are {max} servers already, which is as many as may be."));
        }

        if (!await store.AddAsync(server, ct))
        {
            return (null, ApiError.Conflict("Another server has that label.", "label"));
        }

        await LookSoonAsync(server, ct);
        return (server, null);
    }

    /// <summary>Changes a server; what the request does not name stays.</summary>
    public async Task<(ExternalServer? Server, ApiError? Error)> UpdateAsync(
        Caller caller, ServerAccess access, Id<ExternalServer> id, UpdateServer input, CancellationToken ct)
    {
        var (old, refused) = await FindAsync(caller, access, id, ct);
        if (old is null)
        {
            return (null, refused);
        }

        // Secrets that cannot be read any more are replaced or given up.
        var known = secrets.Of(old) ?? ServerSecrets.None;
        var (draft, secret, error) = ServerDraft.Of(old, known, input, clock.GetUtcNow());
        if (draft is null)
        {
            return (null, error);
        }

        var reachedAnew = draft.Revision != old.Revision;
        if (reachedAnew && await ReachableAsync(draft, ct) is { } unreachable)
        {
            return (null, unreachable);
        }

        if (secrets.With(draft, secret) is not { } server)
        {
            return (null, SecretBox.NoKey(ParamOf(secret)));
        }

        switch (await store.UpdateAsync(old, server, ct))
        {
            case null:
                return (null, ApiError.Conflict("Another server has that label.", "label"));
            case 0:
                return (null, ApiError.Conflict("The server was changed by somebody else at the same moment; try again."));
        }

        if (reachedAnew)
        {
            await ForgetAsync(old, server, ct);
        }

        if (reachedAnew || (server.IsEnabled && !old.IsEnabled))
        {
            await LookSoonAsync(server, ct);
        }

        await signals.SendAsync(server, Guid.Empty, ct);
        schedule.Wake();
        return (server, null);
    }

    /// <summary>Changes what is done with one tool, which need not be known yet.</summary>
    public async Task<(ExternalServer? Server, ApiError? Error)> UpdateToolAsync(
        Caller caller, ServerAccess access, Id<ExternalServer> id, string tool, UpdateServerTool input, CancellationToken ct)
    {
        var (server, refused) = await FindAsync(caller, access, id, ct);
        if (server is null)
        {
            return (null, refused);
        }

        var error = ServerChecks.Tool(tool)
            ?? ServerChecks.OneOf("require_approval", input.RequireApproval, ExternalServer.Always, ExternalServer.Never);
        if (error is not null)
        {
            return (null, error);
        }

        await store.UpdateToolAsync(id, tool, input.Enabled, input.RequireApproval, clock.GetUtcNow(), ct);
        await signals.SendAsync(server, Guid.Empty, ct);
        return await store.FindAsync(caller, access, id, ct) is { } changed ? (changed, null) : (null, ApiError.NotFound("server"));
    }

    /// <summary>Removes a server with its tools, tokens and secrets.</summary>
    public async Task<ApiError?> RemoveAsync(Caller caller, ServerAccess access, Id<ExternalServer> id, CancellationToken ct)
    {
        var (server, refused) = await FindAsync(caller, access, id, ct);
        if (server is null)
        {
            return refused;
        }

        await store.RemoveAsync(id, ct);
        await signals.SendAsync(server, Guid.Empty, ct);
        schedule.Wake();
        return null;
    }

    private ApiError? MayRegister(Caller caller, CreateServer input) =>
        !options.Value.UsersMayRegister ? ApiError.Forbidden("The operator lets only administrators register servers.")
        : caller.IsGuest ? ApiError.Forbidden("Guests register no servers; sign in with an account.")
        : input.OrganizationId is not null ? ApiError.Invalid("organization_id", "Only administrators register servers for an organization.")
        : input.Transport == ExternalServer.Stdio ? ApiError.Invalid("transport", "Only administrators register servers that are programs.")
        : null;

    private async Task<(ExternalServer? Server, ApiError? Error)> FindAsync(
        Caller caller, ServerAccess access, Id<ExternalServer> id, CancellationToken ct) =>
        await store.FindAsync(caller, access, id, ct) switch
        {
            null => (null, ApiError.NotFound("server")),
            { IsConfigured: true } => (null, ApiError.Conflict("The server is of the operator's configuration and is changed there.")),
            { } server => (server, null),
        };

    private async Task<ApiError?> ReachableAsync(ExternalServer server, CancellationToken ct) =>
        server.Transport == ExternalServer.Http ? await addresses.CheckAsync(server.Url!, server.IsOfAdministrators, ct)
        : options.Value.Stdio.Enabled ? null
        : ApiError.Invalid("transport", "The operator has not enabled servers that are programs (ExternalServers:Stdio:Enabled).");

    private async Task ForgetAsync(ExternalServer old, ExternalServer server, CancellationToken ct)
    {
        await health.ResetAsync(server.Id, ct);
        if (old.Url != server.Url || old.Auth != server.Auth || old.ClientId != server.ClientId)
        {
            await authorizations.RemoveAllAsync(server.Id, ct);
            await lists.RemoveAllAsync(server.Id, ct);
        }
    }

    private async Task LookSoonAsync(ExternalServer server, CancellationToken ct)
    {
        if (!server.NeedsSignIn)
        {
            await lists.DueAsync(server.Id, Guid.Empty, ct);
            schedule.Wake();
        }

        await signals.SendAsync(server, Guid.Empty, ct);
    }

    private static string ParamOf(ServerSecrets secrets) =>
        secrets.Headers.Count > 0 ? "headers" : secrets.Environment.Count > 0 ? "env" : "oauth.client_secret";
}

using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Paging;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JanServer.McpTools.External.Servers;

/// <summary>The queries over external servers. Every one that a caller causes names what the caller may see.</summary>
internal sealed class ServerStore(McpToolsContext db)
{
    private const string UniqueLabel = "external_servers_label";

    /// <summary>A page and one row more.</summary>
    public Task<List<ExternalServer>> ListAsync(Caller caller, ServerAccess access, PageQuery page, CancellationToken ct) =>
        Of(caller, access).PageBy(page, server => server.Id).ToListAsync(ct);

    /// <summary>Those whose tools the caller may call, first those of administrators.</summary>
    public async Task<List<ExternalServer>> ListEnabledAsync(Caller caller, CancellationToken ct)
    {
        var servers = await Of(caller, ServerAccess.Use).Where(server => server.IsEnabled).ToListAsync(ct);
        return [.. servers.OrderBy(Rank).ThenBy(server => server.Label, StringComparer.Ordinal).ThenBy(server => server.Id)];
    }

    public Task<ExternalServer?> FindAsync(Caller caller, ServerAccess access, Id<ExternalServer> id, CancellationToken ct) =>
        Of(caller, access).SingleOrDefaultAsync(server => server.Id == id, ct);

    /// <summary>For work of our own, which no caller sees.</summary>
    public Task<ExternalServer?> FindAsync(Id<ExternalServer> id, CancellationToken ct) =>
        db.ExternalServers.SingleOrDefaultAsync(server => server.Id == id, ct);

    /// <summary>The revisions of those that are enabled.</summary>
    public Task<Dictionary<Id<ExternalServer>, int>> RevisionsAsync(Id<ExternalServer>[] servers, CancellationToken ct) =>
        db.ExternalServers.Where(server => servers.Contains(server.Id) && server.IsEnabled)
            .ToDictionaryAsync(server => server.Id, server => server.Revision, ct);

    /// <summary>How many there are.</summary>
    public Task<int> CountAsync(Caller caller, ServerAccess access, CancellationToken ct) => Of(caller, access).CountAsync(ct);

    /// <summary>The operator's.</summary>
    public Task<List<ExternalServer>> ListConfiguredAsync(CancellationToken ct) =>
        db.ExternalServers.Where(server => server.Source == ExternalServer.FromConfiguration).ToListAsync(ct);

    /// <summary>Adds a server; false when its owner has one of that label.</summary>
    public async Task<bool> AddAsync(ExternalServer server, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            INSERT INTO external_servers (
                id, scope, source, organization_id, user_id, project_id, label, description, transport, url, command, arguments, auth,
                client_id, has_client_secret, scopes, header_names, environment_names, secrets, secrets_key_id, is_enabled, allowed_tools,
                denied_tools, require_approval, approval_exceptions, timeout_seconds, revision, created_by, created_at, updated_at)
            VALUES (
                {server.Id}, {server.Scope}, {server.Source}, {server.OrganizationId}, {server.UserId}, {server.ProjectId}, {server.Label},
                {server.Description}, {server.Transport}, {server.Url}, {server.Command}, {server.Arguments}, {server.Auth},
                {server.ClientId}, {server.HasClientSecret}, {server.Scopes}, {server.HeaderNames}, {server.EnvironmentNames},
                {server.Secrets}, {server.SecretsKeyId}, {server.IsEnabled}, {server.AllowedTools}, {server.DeniedTools},
                {server.RequireApproval}, {server.ApprovalExceptions}, {server.TimeoutSeconds}, {server.Revision}, {server.CreatedBy},
                {server.CreatedAt}, {server.UpdatedAt})
            ON CONFLICT ON CONSTRAINT external_servers_label DO NOTHING
            """,
            ct) == 1;
    }

    /// <summary>Writes a changed server over the one that was read.</summary>
    /// <returns>How many rows changed: none when it was changed or removed meanwhile. Null when its owner has another of that label.</returns>
    public async Task<int?> UpdateAsync(ExternalServer old, ExternalServer server, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        try
        {
            return await connection.ExecuteAsync(
                $"""
                UPDATE external_servers SET
                    label = {server.Label}, description = {server.Description}, transport = {server.Transport}, url = {server.Url},
                    command = {server.Command}, arguments = {server.Arguments}, auth = {server.Auth}, client_id = {server.ClientId},
                    has_client_secret = {server.HasClientSecret}, scopes = {server.Scopes}, header_names = {server.HeaderNames},
                    environment_names = {server.EnvironmentNames}, secrets = {server.Secrets}, secrets_key_id = {server.SecretsKeyId},
                    is_enabled = {server.IsEnabled}, allowed_tools = {server.AllowedTools}, denied_tools = {server.DeniedTools},
                    require_approval = {server.RequireApproval}, approval_exceptions = {server.ApprovalExceptions},
                    timeout_seconds = {server.TimeoutSeconds}, revision = {server.Revision}, updated_at = {server.UpdatedAt}
                WHERE id = {old.Id} AND revision = {old.Revision} AND updated_at = {old.UpdatedAt}
                """,
                ct);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: UniqueLabel })
        {
            return null;
        }
    }

    /// <summary>Changes what is done with one tool.</summary>
    public async Task<int> UpdateToolAsync(
        Id<ExternalServer> id, string tool, bool? enabled, string? approval, DateTimeOffset now, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            UPDATE external_servers SET
                denied_tools = CASE {enabled}::boolean
                    WHEN true THEN array_remove(denied_tools, {tool})
                    WHEN false THEN array_append(array_remove(denied_tools, {tool}), {tool})
                    ELSE denied_tools END,
                allowed_tools = CASE WHEN {enabled}::boolean AND allowed_tools IS NOT NULL
                    THEN array_append(array_remove(allowed_tools, {tool}), {tool}) ELSE allowed_tools END,
                approval_exceptions = CASE
                    WHEN {approval}::text IS NULL THEN approval_exceptions
                    WHEN {approval}::text = require_approval THEN array_remove(approval_exceptions, {tool})
                    ELSE array_append(array_remove(approval_exceptions, {tool}), {tool}) END,
                updated_at = {now}
            WHERE id = {id}
            """,
            ct);
    }

    public Task<int> RemoveAsync(Id<ExternalServer> id, CancellationToken ct) =>
        db.ExternalServers.Where(server => server.Id == id).ExecuteDeleteAsync(ct);

    private static int Rank(ExternalServer server) => server.Scope switch
    {
        ExternalServer.ForDeployment => server.IsConfigured ? 0 : 1,
        ExternalServer.ForOrganization => 2,
        _ => 3,
    };

    private IQueryable<ExternalServer> Of(Caller caller, ServerAccess access)
    {
        Id<UserRef>? user = caller.UserId;
        Id<ProjectRef>? project = caller.ProjectId;
        Id<OrganizationRef>? organization = caller.OrganizationId;
        return access switch
        {
            ServerAccess.Own => db.ExternalServers.Where(
                server => server.Scope == ExternalServer.ForUser && server.UserId == user && server.ProjectId == project),
            ServerAccess.Administer => db.ExternalServers.Where(server => server.Scope != ExternalServer.ForUser),
            _ => db.ExternalServers.Where(server =>
                (server.Scope == ExternalServer.ForUser && server.UserId == user && server.ProjectId == project)
                || server.Scope == ExternalServer.ForDeployment
                || (server.Scope == ExternalServer.ForOrganization && server.OrganizationId == organization)),
        };
    }
}

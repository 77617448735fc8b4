using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Statements;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.External.Servers;

namespace JanServer.McpTools.External.SignIn;

/// <summary>The tokens of users, encrypted.</summary>
internal sealed class AuthorizationStore(McpToolsContext db, SecretBox box)
{
    /// <summary>What <see cref="SecretBox"/> knows it by.</summary>
    public const string Kind = "tokens";

    public async Task<TokenSet?> FindAsync(Id<ExternalServer> server, Id<UserRef> user, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var kept = await connection.FirstOrDefaultAsync(
            $"SELECT tokens, key_id FROM external_authorizations WHERE server_id = {server} AND user_id = {user}",
            reader => new Sealed(reader.GetFieldValue<byte[]>(0), reader.GetString(1)),
            ct);
        return Open(kept, server, user);
    }

    /// <summary>Reads the tokens and keeps everybody else from them until the transaction ends.</summary>
    public async Task<TokenSet?> LockAsync(Id<ExternalServer> server, Id<UserRef> user, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var kept = await connection.FirstOrDefaultAsync(
            $"SELECT tokens, key_id FROM external_authorizations WHERE server_id = {server} AND user_id = {user} FOR UPDATE",
            reader => new Sealed(reader.GetFieldValue<byte[]>(0), reader.GetString(1)),
            ct);
        return Open(kept, server, user);
    }

    /// <summary>Which of the servers the user has signed in to.</summary>
    public async Task<HashSet<Guid>> SignedInAsync(Id<UserRef> user, Guid[] servers, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var rows = await connection.ListAsync(
            $"SELECT server_id FROM external_authorizations WHERE user_id = {user} AND server_id = ANY({servers})",
            reader => reader.GetGuid(0),
            ct);
        return [.. rows];
    }

    /// <summary>Keeps tokens, over those there are.</summary>
    public async Task PutAsync(Id<ExternalServer> server, Id<UserRef> user, TokenSet tokens, CancellationToken ct)
    {
        var kept = box.Seal(tokens, ExternalJson.Default.TokenSet, Kind, server.Value, user.Value);
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO external_authorizations (server_id, user_id, tokens, key_id, expires_at, scope, created_at, updated_at)
            SELECT id, {user}, {kept.Blob}, {kept.KeyId}, {tokens.ExpiresAt}::timestamptz, {tokens.Scope}::text, now(), now()
            FROM external_servers WHERE id = {server}
            ON CONFLICT (server_id, user_id) DO UPDATE SET
                tokens = excluded.tokens, key_id = excluded.key_id, expires_at = excluded.expires_at, scope = excluded.scope, updated_at = now()
            """,
            ct);
    }

    public async Task<int> RemoveAsync(Id<ExternalServer> server, Id<UserRef> user, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.ExecuteAsync($"DELETE FROM external_authorizations WHERE server_id = {server} AND user_id = {user}", ct);
    }

    /// <summary>Forgets what everybody's sign-ins gave, because the server is another one now.</summary>
    public async Task RemoveAllAsync(Id<ExternalServer> server, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync($"DELETE FROM external_authorizations WHERE server_id = {server}", ct);
        await connection.ExecuteAsync($"DELETE FROM external_oauth_clients WHERE server_id = {server}", ct);
        await connection.ExecuteAsync($"DELETE FROM external_sign_ins WHERE server_id = {server}", ct);
    }

    private TokenSet? Open(Sealed? kept, Id<ExternalServer> server, Id<UserRef> user) =>
        kept is null ? null : box.Open(kept, ExternalJson.Default.TokenSet, Kind, server.Value, user.Value);
}

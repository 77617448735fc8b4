using System.Text.Json.Serialization.Metadata;
using JanServer.Data.Statements;
using JanServer.McpTools.External.SignIn;

namespace JanServer.McpTools.External.Secrets;

/// <summary>
/// Brings headers, clients and tokens under the current master key, so that the previous one can be forgotten. Sign-ins under way are over
/// in minutes and are left.
/// </summary>
internal sealed class SecretRotation(McpToolsContext db, SecretBox box)
{
    /// <summary>What the command line calls it.</summary>
    public const string Command = "rotate-external-secrets";

    private int _rotated;
    private int _failed;

    /// <summary>Encrypts anew whatever is not under the current key.</summary>
    /// <returns>How many there were, and how many open with no configured key.</returns>
    public async Task<(int Rotated, int Failed)> RunAsync(CancellationToken ct)
    {
        await ServersAsync(ct);
        await ClientsAsync(ct);
        await TokensAsync(ct);
        return (_rotated, _failed);
    }

    /// <summary>The command line's way: runs, says what was done and gives the exit code.</summary>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output)
    {
        await using var scope = services.CreateAsyncScope();
        if (!scope.ServiceProvider.GetRequiredService<SecretBox>().CanSeal)
        {
            await output.WriteLineAsync("There is no key to rotate to: set ExternalServers:Encryption:Key.");
            return 1;
        }

        var (rotated, failed) = await scope.ServiceProvider.GetRequiredService<SecretRotation>().RunAsync(CancellationToken.None);
        await output.WriteLineAsync($"{rotated} rotated, {failed} open with no configured key: those are to be set anew.");
        return failed == 0 ? 0 : 1;
    }

    private async Task ServersAsync(CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var rows = await connection.ListAsync(
            $"SELECT id, secrets, secrets_key_id FROM external_servers WHERE secrets IS NOT NULL AND secrets_key_id <> {box.KeyId}",
            reader => (Id: reader.GetGuid(0), Old: new Sealed(reader.GetFieldValue<byte[]>(1), reader.GetString(2))),
            ct);
        foreach (var (id, old) in rows)
        {
            if (Renew(old, ExternalJson.Default.ServerSecrets, SecretReader.Kind, id) is { } kept)
            {
                // Unless somebody has set it meanwhile.
                await connection.ExecuteAsync(
                    $"UPDATE external_servers SET secrets = {kept.Blob}, secrets_key_id = {kept.KeyId} WHERE id = {id} AND secrets = {old.Blob}", ct);
            }
        }
    }

    private async Task ClientsAsync(CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var rows = await connection.ListAsync(
            $"SELECT server_id, client, key_id FROM external_oauth_clients WHERE key_id <> {box.KeyId}",
            reader => (Server: reader.GetGuid(0), Old: new Sealed(reader.GetFieldValue<byte[]>(1), reader.GetString(2))),
            ct);
        foreach (var (server, old) in rows)
        {
            if (Renew(old, ExternalJson.Default.OAuthClient, OAuthClients.Kind, server) is { } kept)
            {
                await connection.ExecuteAsync(
                    $"UPDATE external_oauth_clients SET client = {kept.Blob}, key_id = {kept.KeyId} WHERE server_id = {server} AND client = {old.Blob}", ct);
            }
        }
    }

    private async Task TokensAsync(CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var rows = await connection.ListAsync(
            $"SELECT server_id, user_id, tokens, key_id FROM external_authorizations WHERE key_id <> {box.KeyId}",
            reader => (Server: reader.GetGuid(0), User: reader.GetGuid(1), Old: new Sealed(reader.GetFieldValue<byte[]>(2), reader.GetString(3))),
            ct);
        foreach (var (server, user, old) in rows)
        {
            if (Renew(old, ExternalJson.Default.TokenSet, AuthorizationStore.Kind, server, user) is { } kept)
            {
                await connection.ExecuteAsync(
                    $"""
                    UPDATE external_authorizations SET tokens = {kept.Blob}, key_id = {kept.KeyId}
                    WHERE server_id = {server} AND user_id = {user} AND tokens = {old.Blob}
                    """,
                    ct);
            }
        }
    }

    private Sealed? Renew<T>(Sealed old, JsonTypeInfo<T> type, string kind, params ReadOnlySpan<Guid> owner)
        where T : class
    {
        if (box.Open(old, type, kind, owner) is not { } secret)
        {
            _failed++;
            return null;
        }

        _rotated++;
        return box.Seal(secret, type, kind, owner);
    }
}

using System.Security.Cryptography;
using System.Text;
using JanServer.Contracts.Ids;
using JanServer.Data.Statements;
using JanServer.ResponseApi.Secrets;
using Npgsql;

namespace JanServer.ResponseApi.Webhooks;

/// <summary>
/// Makes, keeps and uses secrets of Standard Webhooks: <c>whsec_</c> and Base64 of 32 bytes. The bytes are what signs, and what is stored,
/// encrypted.
/// </summary>
internal sealed class WebhookSecrets(NpgsqlDataSource database, SecretBox box, TimeProvider clock)
{
    private const string Purpose = "webhook";
    private const string Prefix = "whsec_";
    private const int Length = 32;

    public static byte[] New() => RandomNumberGenerator.GetBytes(Length);

    /// <summary>How its user sees it.</summary>
    public static string TextOf(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    public byte[] Seal(Guid owner, byte[] secret) => box.Seal(Purpose, Bound(owner), secret);

    /// <summary>The secret, or null when no configured key opens it.</summary>
    public byte[]? Open(Guid owner, byte[] blob) => box.Open(Purpose, Bound(owner), blob);

    /// <summary>The header <c>webhook-signature</c>: one signature for each secret.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> payload)
    {
        var text = Encoding.UTF8.GetString(payload);
        return string.Join(' ', secrets.Select(secret => new StandardWebhooks.StandardWebhook(secret).Sign(id, at, text)));
    }

    /// <summary>The secret of a project for addresses that requests name; made when there is none yet.</summary>
    public async Task<byte[]?> DefaultOfAsync(Guid user, Guid project, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await FindDefaultAsync(connection, user, project, ct) is not { } found)
        {
            var (id, now) = (Guid.CreateVersion7(clock.GetUtcNow()), clock.GetUtcNow());
            await connection.ExecuteAsync(
                $"""
                INSERT INTO webhook_default_secrets (user_id, project_id, id, secret, created_at)
                VALUES ({user}, {project}, {id}, {Seal(id, New())}, {now})
                ON CONFLICT DO NOTHING
                """,
                ct);
            found = await FindDefaultAsync(connection, user, project, ct)
                ?? throw new InvalidOperationException("The secret of a project is gone in the moment that it was made.");
        }

        return Open(found.Id, found.Sealed);
    }

    /// <summary>Replaces the secret of a project for addresses that requests name.</summary>
    public async Task<byte[]> RotateDefaultAsync(Guid user, Guid project, CancellationToken ct)
    {
        var (id, secret, now) = (Guid.CreateVersion7(clock.GetUtcNow()), New(), clock.GetUtcNow());
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO webhook_default_secrets (user_id, project_id, id, secret, created_at)
            VALUES ({user}, {project}, {id}, {Seal(id, secret)}, {now})
            ON CONFLICT (user_id, project_id) DO UPDATE SET id = excluded.id, secret = excluded.secret, created_at = excluded.created_at
            """,
            ct);
        return secret;
    }

    private static Task<StoredSecret?> FindDefaultAsync(NpgsqlConnection connection, Guid user, Guid project, CancellationToken ct) =>
        connection.FirstOrDefaultAsync<StoredSecret?>(
            $"SELECT id, secret FROM webhook_default_secrets WHERE user_id = {user} AND project_id = {project}",
            row => new StoredSecret(row.GetGuid(0), row.GetFieldValue<byte[]>(1)),
            ct);

    private static string Bound(Guid owner) => new Id<Webhook>(owner).ToString();

    private sealed record StoredSecret(Guid Id, byte[] Sealed);
}

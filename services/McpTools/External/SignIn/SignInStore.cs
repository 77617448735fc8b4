using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Statements;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.External.Servers;

namespace JanServer.McpTools.External.SignIn;

/// <summary>A sign-in as stored.</summary>
internal sealed record StoredSignIn(Id<ExternalServer> Server, Id<UserRef> User, PendingSignIn SignIn, byte[]? BrowserHash);

/// <summary>Sign-ins under way. Ticket, state and browser are kept as hashes, the rest encrypted; each is used once.</summary>
internal sealed class SignInStore(McpToolsContext db, SecretBox box)
{
    private const string Kind = "sign-in";
    private const int MaxPerUser = 20;

    public async Task AddAsync(
        Id<ExternalServer> server, Id<UserRef> user, byte[] ticketHash, byte[] stateHash, PendingSignIn signIn, TimeSpan lifetime, CancellationToken ct)
    {
        var kept = box.Seal(signIn, ExternalJson.Default.PendingSignIn, Kind, server.Value, user.Value);
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync($"DELETE FROM external_sign_ins WHERE expires_at < now()", ct);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO external_sign_ins (ticket_hash, state_hash, server_id, user_id, sign_in, key_id, expires_at)
            SELECT {ticketHash}, {stateHash}, id, {user}, {kept.Blob}, {kept.KeyId}, now() + {lifetime} FROM external_servers WHERE id = {server}
            """,
            ct);

        // The latest few of a user's are good, so that nobody fills the table.
        await connection.ExecuteAsync(
            $"""
            DELETE FROM external_sign_ins WHERE ticket_hash IN (
                SELECT ticket_hash FROM external_sign_ins WHERE user_id = {user} ORDER BY expires_at DESC OFFSET {MaxPerUser})
            """,
            ct);
    }

    /// <summary>What a ticket is for; null when it is unknown, used or too old.</summary>
    public async Task<StoredSignIn?> FindAsync(byte[] ticketHash, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return Open(await connection.FirstOrDefaultAsync(
            $"""
            SELECT server_id, user_id, sign_in, key_id, browser_hash FROM external_sign_ins
            WHERE ticket_hash = {ticketHash} AND browser_hash IS NULL AND expires_at > now()
            """,
            Read,
            ct));
    }

    /// <summary>Binds the sign-in to a browser, which uses its ticket up.</summary>
    public async Task<StoredSignIn?> BeginAsync(byte[] ticketHash, byte[] browserHash, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return Open(await connection.FirstOrDefaultAsync(
            $"""
            UPDATE external_sign_ins SET browser_hash = {browserHash}
            WHERE ticket_hash = {ticketHash} AND browser_hash IS NULL AND expires_at > now()
            RETURNING server_id, user_id, sign_in, key_id, browser_hash
            """,
            Read,
            ct));
    }

    /// <summary>Takes the sign-in that the state is of, which uses it up; null when it is unknown, used, too old or never began.</summary>
    public async Task<StoredSignIn?> TakeAsync(byte[] stateHash, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return Open(await connection.FirstOrDefaultAsync(
            $"""
            DELETE FROM external_sign_ins WHERE state_hash = {stateHash} AND browser_hash IS NOT NULL AND expires_at > now()
            RETURNING server_id, user_id, sign_in, key_id, browser_hash
            """,
            Read,
            ct));
    }

    private static Row Read(Npgsql.NpgsqlDataReader reader) => new(
        new(reader.GetGuid(0)),
        new(reader.GetGuid(1)),
        new(reader.GetFieldValue<byte[]>(2), reader.GetString(3)),
        reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4));

    private StoredSignIn? Open(Row? row) =>
        row is not null && box.Open(row.SignIn, ExternalJson.Default.PendingSignIn, Kind, row.Server.Value, row.User.Value) is { } signIn
            ? new(row.Server, row.User, signIn, row.BrowserHash)
            : null;

    private sealed record Row(Id<ExternalServer> Server, Id<UserRef> User, Sealed SignIn, byte[]? BrowserHash);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.Contracts.Accounts;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Errors;
using Microsoft.EntityFrameworkCore;

namespace JanServer.Accounts.Settings;

/// <summary>The table user_settings: one row for each user who has chosen something.</summary>
internal sealed class SettingsStore(AccountsContext db)
{
    /// <summary>The settings of a user; null when there is no such user.</summary>
    public async Task<StoredSettings?> FindAsync(Id<UserRef> user, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        return await connection.FirstOrDefaultAsync(
            $"""
            SELECT coalesce(chosen.settings::text, ''), coalesce(chosen.created_at, u.created_at), coalesce(chosen.updated_at, u.created_at)
            FROM users u LEFT JOIN user_settings chosen ON chosen.user_id = u.id
            WHERE u.id = {user}
            """,
            row => Read(user, row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2)),
            ct);
    }

    /// <summary>Changes what a user has chosen, unless <paramref name="change"/> refuses; neither when there is no such user.</summary>
    public async Task<(StoredSettings? Settings, ApiError? Error)> UpdateAsync(
        Id<UserRef> user, Func<JsonObject, ApiError?> change, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var connection = await db.OpenAsync(ct);

        // The row is made or locked: changes of one user follow one another, so that none is lost.
        var row = await connection.FirstOrDefaultAsync(
            $$"""
            INSERT INTO user_settings AS chosen (user_id, settings, created_at, updated_at)
            SELECT id, '{}', {{now}}, {{now}} FROM users WHERE id = {{user}}
            ON CONFLICT (user_id) DO UPDATE SET updated_at = greatest(chosen.updated_at, excluded.updated_at)
            RETURNING settings::text, created_at, updated_at
            """,
            row => new { Json = row.GetString(0), CreatedAt = row.GetFieldValue<DateTimeOffset>(1), UpdatedAt = row.GetFieldValue<DateTimeOffset>(2) },
            ct);
        if (row is null)
        {
            return default;
        }

        var settings = JsonNode.Parse(row.Json)!.AsObject();
        if (change(settings) is { } refused)
        {
            return (null, refused);
        }

        var json = settings.ToJsonString();
        await connection.ExecuteAsync($"UPDATE user_settings SET settings = {json}::json WHERE user_id = {user}", ct);
        await transaction.CommitAsync(ct);
        return (Read(user, json, row.CreatedAt, row.UpdatedAt), null);
    }

    private static StoredSettings Read(Id<UserRef> user, string json, DateTimeOffset createdAt, DateTimeOffset updatedAt)
    {
        var chosen = json.Length == 0 ? new() : JsonSerializer.Deserialize(json, AccountsJson.Default.UserSettings)!;
        return new(user, chosen with { Preferences = PreferenceDefaults.Under(chosen.Preferences) }, createdAt, updatedAt);
    }
}

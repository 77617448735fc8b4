using JanServer.Contracts.Ids;
using JanServer.Data.Paging;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Paging;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace JanServer.LlmApi.StoredCompletions;

/// <summary>The queries over stored completions.</summary>
internal sealed class StoredCompletionStore(LlmContext db)
{
    /// <summary>A page of the caller's, and one more.</summary>
    /// <param name="model">Only those of this model, if given.</param>
    /// <param name="metadata">A JSON object that the metadata must contain, if given.</param>
    public Task<List<StoredCompletion>> ListAsync(Caller caller, PageQuery page, string? model, string? metadata, CancellationToken ct)
    {
        var rows = Of(caller);
        rows = model is null ? rows : rows.Where(row => row.Model == model);
        rows = metadata is null ? rows : rows.Where(row => EF.Functions.JsonContains(row.Metadata, metadata));
        return rows.PageBy(page, row => row.Id).ToListAsync(ct);
    }

    public Task<StoredCompletion?> FindAsync(Caller caller, Id<StoredCompletion> id, CancellationToken ct) =>
        Of(caller).SingleOrDefaultAsync(row => row.Id == id, ct);

    public Task<int> UpdateMetadataAsync(Caller caller, Id<StoredCompletion> id, string metadata, CancellationToken ct) =>
        Of(caller).Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Metadata, metadata), ct);

    public Task<int> RemoveAsync(Caller caller, Id<StoredCompletion> id, CancellationToken ct) =>
        Of(caller).Where(row => row.Id == id).ExecuteDeleteAsync(ct);

    /// <summary>Adds rows in one statement; those that are there already came with a commit whose answer was lost.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<StoredCompletion> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            INSERT INTO stored_completions (id, user_id, organization_id, project_id, model, metadata, completion, messages, created_at)
            SELECT id, user_id, organization_id, project_id, model, metadata::jsonb, completion::json, messages::json, created_at
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
                AS row (id, user_id, organization_id, project_id, model, metadata, completion, messages, created_at)
            ON CONFLICT DO NOTHING
            """,
            connection);
        Add(NpgsqlDbType.Uuid, row => row.Id.Value);
        Add(NpgsqlDbType.Uuid, row => row.UserId.Value);
        Add(NpgsqlDbType.Uuid, row => row.OrganizationId.Value);
        Add(NpgsqlDbType.Uuid, row => row.ProjectId.Value);
        Add(NpgsqlDbType.Text, row => row.Model);
        Add(NpgsqlDbType.Text, row => row.Metadata);
        Add(NpgsqlDbType.Text, row => row.Completion);
        Add(NpgsqlDbType.Text, row => row.Messages);
        Add(NpgsqlDbType.TimestampTz, row => row.CreatedAt.UtcDateTime);
        await command.ExecuteNonQueryAsync(ct);

        void Add<T>(NpgsqlDbType type, Func<StoredCompletion, T> value) => command.Parameters.Add(
            new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private IQueryable<StoredCompletion> Of(Caller caller) =>
        db.StoredCompletions.Where(row => row.UserId == caller.UserId && row.ProjectId == caller.ProjectId);
}

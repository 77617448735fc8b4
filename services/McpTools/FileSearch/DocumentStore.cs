using System.Runtime.InteropServices;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JanServer.McpTools.FileSearch;

/// <summary>The statements that change or list documents. Every one names the user and the project.</summary>
internal sealed class DocumentStore(NpgsqlDataSource database, IOptions<FileSearchOptions> options, TimeProvider clock)
{
    /// <summary>Puts a document in the place of the one with its id, whole or not at all.</summary>
    /// <returns>Null, or why the user may not have it, in a sentence.</returns>
    public async Task<string?> PutAsync(Caller owner, Document document, string? model, CancellationToken ct)
    {
        var (user, project) = (owner.UserId.Value, owner.ProjectId.Value);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // One change of a user's documents at a time: the limits below would not hold otherwise.
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock(hashtextextended({user.ToString()}, 7))", ct);
        await connection.ExecuteAsync(
            $"DELETE FROM documents WHERE user_id = {user} AND project_id = {project} AND document_id = {document.DocumentId}", ct);
        var (documents, chunks) = await connection.FirstOrDefaultAsync(
            $"SELECT count(*), coalesce(sum(chunk_count), 0)::bigint FROM documents WHERE user_id = {user}",
            row => (row.GetInt64(0), row.GetInt64(1)),
            ct);
        if (documents >= options.Value.MaxDocuments)
        {
            return $"There are {documents} documents in the index already, and no more are allowed. Delete some with file_search_delete.";
        }

        if (chunks + document.Passages.Count > options.Value.MaxChunks)
        {
            return $"The index may hold {options.Value.MaxChunks} passages; there are {chunks} and this document has {document.Passages.Count}. "
                + "Delete documents with file_search_delete.";
        }

        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await connection.ExecuteAsync(
            $"""
            INSERT INTO documents (id, user_id, project_id, document_id, metadata, tags, characters, token_count, chunk_count, indexed_at)
            VALUES ({id}, {user}, {project}, {document.DocumentId}, {document.Metadata}::jsonb, {document.Tags}, {document.Characters},
                {document.TokenCount}, {document.Passages.Count}, {document.IndexedAt.ToUniversalTime()})
            """,
            ct);
        string[] texts = [.. document.Passages.Select(passage => passage.Text)];
        string[] terms = [.. document.Passages.Select(passage => passage.Terms)];
        byte[]?[] embeddings = [.. document.Passages.Select(passage => passage.Embedding is { } vector ? MemoryMarshal.AsBytes(vector.AsSpan()).ToArray() : null)];
        await connection.ExecuteAsync(
            $"""
            INSERT INTO document_chunks (document, ordinal, user_id, project_id, text, terms, embedding_model, embedding)
            SELECT {id}, one.ordinal - 1, {user}, {project}, one.text, one.terms::tsvector,
                CASE WHEN one.embedding IS NOT NULL THEN {model}::text END, one.embedding
            FROM unnest({texts}, {terms}, {embeddings}::bytea[]) WITH ORDINALITY AS one (text, terms, embedding, ordinal)
            """,
            ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Removes a document; false when the owner has none with that id.</summary>
    public async Task<bool> RemoveAsync(Caller owner, string documentId, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(
            $"""
            DELETE FROM documents
            WHERE user_id = {owner.UserId} AND project_id = {owner.ProjectId} AND document_id = {documentId}
            """,
            ct) > 0;
    }

    /// <summary>A page of the owner's documents by their ids, and one more.</summary>
    public async Task<List<ListedDocument>> ListAsync(Caller owner, string? after, string[]? tags, int count, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ListAsync(
            $"""
            SELECT document_id, indexed_at, characters, token_count, chunk_count, metadata::text, tags
            FROM documents
            WHERE user_id = {owner.UserId} AND project_id = {owner.ProjectId}
                AND ({after}::text IS NULL OR document_id COLLATE "C" > {after}::text)
                AND ({tags}::text[] IS NULL OR tags @> {tags}::text[])
            ORDER BY document_id COLLATE "C"
            LIMIT {count + 1}
            """,
            row => new ListedDocument(
                row.GetString(0),
                row.GetFieldValue<DateTimeOffset>(1),
                row.GetInt32(2),
                row.GetInt32(3),
                row.GetInt32(4),
                System.Text.Json.JsonElement.Parse(row.GetString(5)),
                row.GetFieldValue<string[]>(6)),
            ct);
    }
}

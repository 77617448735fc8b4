using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using JanServer.Data.Statements;
using JanServer.ServiceDefaults.Auth;
using Npgsql;

namespace JanServer.McpTools.FileSearch;

/// <summary>The queries that find passages. Every one names the user and the project.</summary>
internal sealed class PassageStore(NpgsqlDataSource database)
{
    /// <summary>
    /// The passages that hold words of a query, the best first: each word counts by how often the passage has it, and the more the fewer
    /// of the owner's passages have it.
    /// </summary>
    public async Task<List<PassageKey>> FindByWordsAsync(Caller owner, string[] terms, DocumentFilter filter, int count, CancellationToken ct)
    {
        if (terms.Length == 0)
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ListAsync(
            $"""
            WITH words AS (SELECT one::tsquery AS word FROM unnest({terms}) AS one),
            hits AS (
                SELECT chunk.document, chunk.ordinal, words.word, ts_rank(chunk.terms, words.word, 1) AS share
                FROM words JOIN document_chunks AS chunk ON chunk.terms @@ words.word
                JOIN documents AS document ON document.id = chunk.document
                WHERE chunk.user_id = {owner.UserId} AND chunk.project_id = {owner.ProjectId}
                    AND ({filter.DocumentIds}::text[] IS NULL OR document.document_id = ANY({filter.DocumentIds}::text[]))
                    AND ({filter.Tags}::text[] IS NULL OR document.tags @> {filter.Tags}::text[])
                    AND ({filter.Metadata}::jsonb IS NULL OR document.metadata @> {filter.Metadata}::jsonb)),
            size AS (
                SELECT sum(chunk_count)::float8 AS passages FROM documents WHERE user_id = {owner.UserId} AND project_id = {owner.ProjectId}),
            weights AS (
                SELECT word, ln(1 + (size.passages - count(*) + 0.5) / (count(*) + 0.5)) AS weight FROM hits, size GROUP BY word, size.passages)
            SELECT document, ordinal FROM hits JOIN weights USING (word)
            GROUP BY document, ordinal
            ORDER BY sum(share * weight) DESC, document, ordinal
            LIMIT {count}
            """,
            row => new PassageKey(row.GetGuid(0), row.GetInt32(1)),
            ct);
    }

    /// <summary>The passages whose vectors are nearest to the query's, the nearest first, with the cosine. All of the owner's are looked at, one at a time.</summary>
    public async Task<List<(PassageKey Key, float Similarity)>> FindByVectorAsync(
        Caller owner, string model, float[] query, DocumentFilter filter, int count, float atLeast, CancellationToken ct)
    {
        var best = new PriorityQueue<PassageKey, float>(count + 1);
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = connection.StreamAsync(
            $"""
            SELECT chunk.document, chunk.ordinal, chunk.embedding
            FROM document_chunks AS chunk JOIN documents AS document ON document.id = chunk.document
            WHERE chunk.user_id = {owner.UserId} AND chunk.project_id = {owner.ProjectId} AND chunk.embedding_model = {model}
                AND ({filter.DocumentIds}::text[] IS NULL OR document.document_id = ANY({filter.DocumentIds}::text[]))
                AND ({filter.Tags}::text[] IS NULL OR document.tags @> {filter.Tags}::text[])
                AND ({filter.Metadata}::jsonb IS NULL OR document.metadata @> {filter.Metadata}::jsonb)
            """,
            row => (Key: new PassageKey(row.GetGuid(0), row.GetInt32(1)), Similarity: Cosine(query, row.GetFieldValue<byte[]>(2))),
            ct);
        await foreach (var (key, similarity) in rows)
        {
            if (similarity < atLeast)
            {
                continue;
            }

            best.Enqueue(key, similarity);
            if (best.Count > count)
            {
                best.Dequeue();
            }
        }

        var found = new List<(PassageKey, float)>(best.Count);
        while (best.TryDequeue(out var key, out var similarity))
        {
            found.Add((key, similarity));
        }

        found.Reverse();
        return found;
    }

    /// <summary>Reads passages; those that have gone meanwhile are left out.</summary>
    public async Task<Dictionary<PassageKey, StoredPassage>> ReadAsync(Caller owner, IReadOnlyList<PassageKey> keys, CancellationToken ct)
    {
        Guid[] documents = [.. keys.Select(key => key.Document)];
        int[] ordinals = [.. keys.Select(key => key.Ordinal)];
        await using var connection = await database.OpenConnectionAsync(ct);
        var passages = await connection.ListAsync(
            $"""
            SELECT chunk.document, chunk.ordinal, document.document_id, chunk.text, document.metadata::text, document.tags
            FROM unnest({documents}, {ordinals}) AS wanted (document, ordinal)
            JOIN document_chunks AS chunk USING (document, ordinal)
            JOIN documents AS document ON document.id = chunk.document
            WHERE chunk.user_id = {owner.UserId} AND chunk.project_id = {owner.ProjectId}
            """,
            row => new StoredPassage(
                new(row.GetGuid(0), row.GetInt32(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<string[]>(5)),
            ct);
        return passages.ToDictionary(passage => passage.Key);
    }

    /// <summary>Both are of length 1, so the cosine is their product. A vector of another size is of a model that has changed.</summary>
    private static float Cosine(float[] query, byte[] stored)
    {
        var vector = MemoryMarshal.Cast<byte, float>(stored);
        return vector.Length == query.Length ? TensorPrimitives.Dot(query, vector) : -1;
    }
}

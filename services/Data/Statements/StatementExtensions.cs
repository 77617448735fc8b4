using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JanServer.Data.Statements;

/// <summary>Runs <see cref="Sql"/> on a context's own connection, inside its transaction if it has one.</summary>
public static class StatementExtensions
{
    /// <summary>The context's connection, open. It goes back to the pool with the context.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(this DbContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        await context.Database.OpenConnectionAsync(ct);
        return (NpgsqlConnection)context.Database.GetDbConnection();
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it touched.</returns>
    public static Task<int> ExecuteAsync(this NpgsqlConnection connection, Sql sql, CancellationToken ct) =>
        ExecuteAsync(sql.ToCommand(connection), ct);

    /// <summary>Reads the first row, or default when there is none.</summary>
    public static Task<T?> FirstOrDefaultAsync<T>(this NpgsqlConnection connection, Sql sql, Func<NpgsqlDataReader, T> read, CancellationToken ct) =>
        FirstOrDefaultAsync(sql.ToCommand(connection), read, ct);

    /// <summary>Reads all rows.</summary>
    public static Task<List<T>> ListAsync<T>(this NpgsqlConnection connection, Sql sql, Func<NpgsqlDataReader, T> read, CancellationToken ct) =>
        ListAsync(sql.ToCommand(connection), read, ct);

    /// <summary>Reads rows one at a time, for what is too much to hold. The connection is taken until the last row or the end of the loop.</summary>
    public static IAsyncEnumerable<T> StreamAsync<T>(this NpgsqlConnection connection, Sql sql, Func<NpgsqlDataReader, T> read, CancellationToken ct) =>
        StreamAsync(sql.ToCommand(connection), read, ct);

    /// <summary>Adds a statement to a batch, which takes one round trip for all.</summary>
    public static void Add(this NpgsqlBatch batch, Sql sql)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.BatchCommands.Add(sql.ToBatchCommand());
    }

    private static async Task<int> ExecuteAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using (command)
        {
            return await command.ExecuteNonQueryAsync(ct);
        }
    }

    private static async Task<T?> FirstOrDefaultAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            return await reader.ReadAsync(ct) ? read(reader) : default;
        }
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            var rows = new List<T>();
            while (await reader.ReadAsync(ct))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    private static async IAsyncEnumerable<T> StreamAsync<T>(
        NpgsqlCommand command, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken ct)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                yield return read(reader);
            }
        }
    }
}

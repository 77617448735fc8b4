using System.Net.Sockets;
using Npgsql;

namespace JanServer.Data.Connections;

/// <summary>Tells a database that is not there from a statement that is wrong.</summary>
public static class DatabaseFailure
{
    /// <summary>
    /// Whether <paramref name="exception"/> or one of its causes says that the database could not be reached, is starting,
    /// stopping, read-only after a fail-over, or out of resources: the same request may succeed a moment later.
    /// </summary>
    public static bool IsOutage(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case PostgresException postgres:
                    return IsOutageState(postgres.SqlState);
                case NpgsqlException npgsql:
                    return npgsql.IsTransient
                        || npgsql.InnerException is null or NpgsqlException or AggregateException or SocketException or IOException or TimeoutException;
            }
        }

        return false;
    }

    /// <summary>Whether doing the same again may succeed: an outage, a deadlock or a serialization failure.</summary>
    public static bool IsTransient(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is PostgresException { IsTransient: true } or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled })
            {
                return true;
            }
        }

        return IsOutage(exception);
    }

    /// <summary>What went wrong without the data that it went wrong with: messages of the server quote values.</summary>
    internal static string Describe(Exception exception) => exception switch
    {
        PostgresException e => string.Join(' ', new[] { e.SqlState, e.TableName, e.ColumnName, e.ConstraintName }.OfType<string>()),
        { InnerException: PostgresException inner } => Describe(inner),
        _ => $"{exception.GetType().Name}: {exception.Message}",
    };

    /// <summary>Whether the server took a statement and gave it up, which may lie with the statement.</summary>
    internal static bool IsCancelled(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable }
            or NpgsqlException { InnerException: TimeoutException };

    // Classes of PostgreSQL's appendix A: 08 connection, 28 authorization, 3D database missing, 53 resources,
    // 57P server is stopping or starting, 58 system error; 25006: a standby took the statement.
    private static bool IsOutageState(string state) =>
        state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("28", StringComparison.Ordinal)
        || state.StartsWith("3D", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57P", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal)
        || state is PostgresErrorCodes.ReadOnlySqlTransaction;
}

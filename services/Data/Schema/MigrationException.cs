namespace JanServer.Data.Schema;

/// <summary>The schema cannot be brought up to date; the message says why and what to do.</summary>
public sealed class MigrationException : Exception
{
    /// <summary>Made by the migrator.</summary>
    public MigrationException()
    {
    }

    /// <summary>Made by the migrator.</summary>
    public MigrationException(string message)
        : base(message)
    {
    }

    /// <summary>Made by the migrator.</summary>
    public MigrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

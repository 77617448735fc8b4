namespace JanServer.Data.Writing;

/// <summary>How a <see cref="BatchWriter{T}"/> groups rows.</summary>
public sealed record BatchWriterOptions
{
    /// <summary>Rows in one flush at most.</summary>
    public int MaxRows { get; init; } = 500;

    /// <summary>How long the first row of a flush waits for company.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Rows that may wait; then writers wait.</summary>
    public int Capacity { get; init; } = 10_000;

    /// <summary>The longest pause between two attempts while the database is away.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(2);
}

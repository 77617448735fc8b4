namespace JanServer.ResponseApi.Runs;

/// <summary>Where the loop tells what happens. Streams, the database and background work listen behind it.</summary>
internal interface IRunJournal
{
    /// <summary>Gives an event to whoever reads the stream. The event's number is <see cref="RunProgress.NextSequenceNumber"/> before it is raised.</summary>
    ValueTask EmitAsync(ResponseEvent happened, CancellationToken ct);

    /// <summary>
    /// Called before a tool is called, after every finished step, and at the end: makes <see cref="Response.Progress"/> durable, with the
    /// events before it, where the response is stored.
    /// </summary>
    /// <exception cref="OperationCanceledException">The response was cancelled, or another replica has taken it over.</exception>
    ValueTask CheckpointAsync(Response response, CancellationToken ct);
}

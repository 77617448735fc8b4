namespace JanServer.Sandbox.Sessions;

/// <summary>Cells that can be run.</summary>
internal sealed record CheckedCells(
    IReadOnlyList<string> Cells,
    TimeSpan Total,
    TimeSpan? Each,
    int MemoryMb,
    IReadOnlyDictionary<string, byte[]> Files,
    IReadOnlyList<string> Fetch,
    bool TakesNew,
    string? SessionId);

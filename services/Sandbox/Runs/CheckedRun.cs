namespace JanServer.Sandbox.Runs;

/// <summary>A run that can be begun.</summary>
internal sealed record CheckedRun(
    Language Language,
    ReadOnlyMemory<byte> Code,
    ReadOnlyMemory<byte> Stdin,
    TimeSpan Time,
    int MemoryMb,
    IReadOnlyDictionary<string, byte[]> Files,
    FileSelection Selection);

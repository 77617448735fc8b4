namespace JanServer.LocalOrchestrator.Tests;

/// <summary>A folder that other users may enter, as a database that runs as one has to; removed at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"orchestrator-test-{Guid.CreateVersion7():N}");

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

namespace JanServer.LocalOrchestrator.Tests.Postgres;

/// <summary>A folder for a test's state, gone afterwards.</summary>
internal sealed class StateDirectory : IDisposable
{
    public StateDirectory(UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)
    {
        Root = Directory.CreateTempSubdirectory("jan-test-state.").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);
        }
    }

    public string Root { get; }

    public string Data => Path.Combine(Root, "pg");

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

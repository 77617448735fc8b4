namespace JanServer.Sandbox.Tests.Fixtures;

/// <summary>A service that is root and one that is an ordinary user, each started when a test asks for it.</summary>
public sealed class AttackedServices : IAsyncLifetime
{
    private readonly Dictionary<string, SandboxProcess> _processes = [];

    internal async Task<SandboxClient> ClientOfAsync(string account)
    {
        if (!_processes.TryGetValue(account, out var process))
        {
            process = await SandboxProcess.StartAsync(
                account == "root",
                ("Sandbox:MemoryMb", "256"),
                ("Sandbox:MaxProcesses", "32"),
                ("Sandbox:DiskMb", "64"),
                ("Sandbox:FileMb", "32"));
            _processes.Add(account, process);
        }

        return process.Client;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }
    }
}

using System.Diagnostics;
using Aspire.Hosting.Local.Postgres;

namespace JanServer.LocalOrchestrator.Tests.Postgres;

/// <summary>Another process that owns a server: started from this very assembly, killed or closed by the test.</summary>
internal sealed class PostgresDriver : IDisposable
{
    public const string Password = "pass'word";

    private readonly Process _process;

    private PostgresDriver(Process process, int port, int serverId)
    {
        _process = process;
        Port = port;
        ServerId = serverId;
    }

    public int Port { get; }

    public int ServerId { get; }

    public static async Task<PostgresDriver> StartAsync(string dataDirectory, string? userName = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(PostgresDriver).Assembly.Location, "postgres", dataDirectory])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        if (userName is not null)
        {
            start.UserName = userName;
            start.Environment["HOME"] = "/nonexistent";
        }

        var process = Process.Start(start)!;
        var ready = await process.StandardOutput.ReadLineAsync().Soon();
        return ready?.Split(' ') is [var port, var id]
            ? new PostgresDriver(process, int.Parse(port, null), int.Parse(id, null))
            : throw new InvalidOperationException($"The driver said: {ready}\n{await process.StandardOutput.ReadToEndAsync()}");
    }

    public static async Task<int> RunAsync(string dataDirectory)
    {
        try
        {
            await using var server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = dataDirectory, Password = Password }, CancellationToken.None);
            Console.WriteLine($"{server.Port} {server.ProcessId}");
            await Console.In.ReadLineAsync();
            return 0;
        }
        catch (EmbeddedPostgresException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    public async Task CloseAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().Soon();
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Soon();
    }

    public void Dispose() => _process.Dispose();
}

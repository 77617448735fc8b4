using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using JanServer.ServiceDefaults.Redis;
using JanServer.Testing;
using JanServer.Testing.Requirements;
using Microsoft.Extensions.Logging.Abstractions;

namespace JanServer.ServiceDefaults.Tests.Redis;

/// <summary>A real redis-server of its own on a free loopback port; it can be killed and started again.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    public const string Password = "s3cret";

    private static readonly Lazy<string?> Executable = new(() => DebianPackage.FindOrInstall("redis-server", "redis-server"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("janserver-redis-");
    private readonly int _port = FreePort();
    private Process? _process;

    /// <summary>Why tests against Redis cannot run here; null when they can.</summary>
    public static string? Missing => Executable.Value is null ? "redis-server is not installed (Debian: apt-get install redis-server)." : null;

    public string ConnectionString => $"127.0.0.1:{_port},password={Password},connectTimeout=20000,asyncTimeout=20000";

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.RestartAsync();
        return server;
    }

    public RedisClient Connect(TimeProvider? clock = null) =>
        new(RedisSettings.Parse(ConnectionString), clock ?? TimeProvider.System, NullLogger<RedisClient>.Instance);

    public async Task RestartAsync()
    {
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo(
            Executable.Value!,
            ["--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--dir", _folder.FullName, "--requirepass", Password])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        await Eventually.Succeeds(async () =>
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, _port);
        });
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A test that takes a real redis-server; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = RedisServer.Missing;
}

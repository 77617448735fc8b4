using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using JanServer.Testing;

namespace JanServer.AppHost.Tests.WholeSystem;

/// <summary>Another process of a running service, with the same environment but for its address and what is told.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly Process _process;

    private Replica(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Starts a twin of the process; returns when it is ready. A change to null takes the variable away.</summary>
    public static async Task<Replica> StartAsync(int twin, params (string Name, string? Value)[] changes)
    {
        var command = Read(twin, "cmdline");
        var address = new Uri($"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}");
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, WorkingDirectory = Path.GetDirectoryName(command[^1])! };
        start.Environment.Clear();
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var pair in Read(twin, "environ").Select(variable => variable.Split('=', 2)).Where(pair => pair.Length == 2))
        {
            start.Environment[pair[0]] = pair[1];
        }

        start.Environment["ASPNETCORE_URLS"] = address.AbsoluteUri;
        start.Environment["JANSERVER_WATCH_STDIN"] = "0";
        foreach (var (name, value) in changes)
        {
            start.Environment.Remove(name);
            if (value is not null)
            {
                start.Environment[name] = value;
            }
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var replica = new Replica(process, address);
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.Succeeds(async () => (await http.GetAsync(new Uri("/readyz", UriKind.Relative))).EnsureSuccessStatusCode());
        return replica;
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string[] Read(int process, string file) =>
        Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/{file}"))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Local.Postgres;

/// <summary>
/// A real PostgreSQL server as a child of this process, on 127.0.0.1 only. It ends with this process, however that ends,
/// and its data stays unless <see cref="EmbeddedPostgresOptions.Ephemeral"/> says otherwise.
/// </summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _server;
    private readonly Watchdog? _watchdog;
    private readonly Cluster _cluster;
    private readonly PostgresBinaries _binaries;
    private readonly ServiceAccount _account;
    private readonly EmbeddedPostgresOptions _options;
    private readonly string _socketDirectory;
    private int _stopped;

    private EmbeddedPostgres(
        Process server, Watchdog? watchdog, Task<int> exited, Cluster cluster, PostgresBinaries binaries, ServiceAccount account,
        EmbeddedPostgresOptions options, string socketDirectory, int port)
    {
        _server = server;
        _watchdog = watchdog;
        _cluster = cluster;
        _binaries = binaries;
        _account = account;
        _options = options;
        _socketDirectory = socketDirectory;
        Exited = exited;
        Port = port;
    }

    public int Port { get; }

    public int ProcessId => _server.Id;

    /// <summary>Where the data really is; see <see cref="Cluster.Directory"/>.</summary>
    public string DataDirectory => _cluster.Directory;

    /// <summary>The system user that the server runs as; null for our own.</summary>
    public string? UserName => _account.Name;

    public int MajorVersion => _binaries.MajorVersion;

    /// <summary>Ends with the server's exit code, whether it was stopped or crashed.</summary>
    public Task<int> Exited { get; }

    /// <summary>The superuser's connection string.</summary>
    public string ConnectionString(string database = "postgres") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={Port};Username={_options.SuperUser};Password=\"{_options.Password.Replace("\"", "\"\"", StringComparison.Ordinal)}\";Database={database}");

    /// <summary>Finds or fetches PostgreSQL, prepares the data directory and returns when the server accepts connections.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot be done here; the message says what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, CancellationToken ct)
    {
        var account = await ServiceAccount.FindAsync(ct);
        var directory = await Cluster.PlaceAsync(options.DataDirectory, account, ct);
        var tools = options.ToolsDirectory ?? Path.Combine(Path.GetDirectoryName(directory)!, "embedded-postgres");
        var binaries = await options.Source.FindAsync(Cluster.VersionOf(directory), tools, account, options.OnLogLine, ct);
        var cluster = await Cluster.PrepareAsync(directory, binaries, account, options, ct);
        try
        {
            // Between choosing a free port and listening on it someone else may take it.
            for (var attempt = 1; ; attempt++)
            {
                var port = options.Port == 0 ? FreePort() : options.Port;
                try
                {
                    return await LaunchAsync(cluster, binaries, account, options, port, ct);
                }
                catch (PortTakenException) when (options.Port == 0 && attempt < 5)
                {
                }
                catch (PortTakenException)
                {
                    throw new EmbeddedPostgresException(
                        $"Port {port} on 127.0.0.1, which PostgreSQL is to use, is taken by another program. Stop it or choose another port.");
                }
            }
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Stops the server in order: open transactions are rolled back, everything committed is kept.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            await Exited;
            return;
        }

        try
        {
            if (Exited.IsCompleted)
            {
                _watchdog?.Cancel();
            }
            else if (_watchdog is null || !await _watchdog.TryStopServerAsync())
            {
                await Command.TryRunAsync(
                    _binaries.PgCtl, ["kill", "INT", _server.Id.ToString(CultureInfo.InvariantCulture)], ct, _account);
            }

            await Exited.WaitAsync(StopTimeout, ct);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _server.Kill();
            await Exited;
        }

        if (_watchdog is not null)
        {
            await _watchdog.WaitAsync(CancellationToken.None);
            _watchdog.Dispose();
        }

        Remove(_socketDirectory);
        _server.Dispose();
        _cluster.Dispose();
        if (_options.Ephemeral)
        {
            Remove(DataDirectory);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static async Task<EmbeddedPostgres> LaunchAsync(
        Cluster cluster, PostgresBinaries binaries, ServiceAccount account, EmbeddedPostgresOptions options, int port, CancellationToken ct)
    {
        // Socket paths have about 100 characters at most, so not below the checkout.
        var socket = Directory.CreateTempSubdirectory("jan-pg.").FullName;
        await account.OwnAsync(socket, ct);
        var log = new ServerLog(options.LogPath, options.OnLogLine);
        var server = Launch(cluster, binaries, account, options, socket, port);
        var exited = log.FollowAsync(server);
        Watchdog? watchdog = null;
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                string[] remove = options.Ephemeral ? [socket, cluster.Directory] : [socket];
                watchdog = Watchdog.Start(server.Id, options.Ephemeral ? "QUIT" : "INT", options.Ephemeral ? 0 : 2, remove, account);
            }

            await WaitUntilReadyAsync(server.Id, exited, log, cluster, options, ct);
            return new EmbeddedPostgres(server, watchdog, exited, cluster, binaries, account, options, socket, port);
        }
        catch
        {
            server.Kill();
            await exited;
            watchdog?.Cancel();
            watchdog?.Dispose();
            server.Dispose();
            Remove(socket);
            throw;
        }
    }

    private static Process Launch(
        Cluster cluster, PostgresBinaries binaries, ServiceAccount account, EmbeddedPostgresOptions options, string socket, int port)
    {
        List<string> arguments =
        [
            "-D", cluster.Directory,
            "-c", "listen_addresses=127.0.0.1",
            "-c", string.Create(CultureInfo.InvariantCulture, $"port={port}"),
            "-c", OperatingSystem.IsWindows() ? "unix_socket_directories=" : $"unix_socket_directories={socket}",
            "-c", "max_connections=200",
            "-c", "logging_collector=off",
            "-c", "log_timezone=UTC",
            "-c", "timezone=UTC",

            // Details quote the rows that an error is about.
            "-c", "log_error_verbosity=terse",
        ];
        if (!options.Durable)
        {
            arguments.AddRange(["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]);
        }

        // A session of its own: Ctrl+C in the terminal is for us, and the server stops after the services that use it.
        var file = binaries.Postgres;
        if (File.Exists("/usr/bin/setsid"))
        {
            arguments.Insert(0, file);
            file = "/usr/bin/setsid";
        }

        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        account.Apply(start);
        var server = new Process { StartInfo = start, EnableRaisingEvents = true };
        server.Start();
        server.StandardInput.Close();
        return server;
    }

    private static async Task WaitUntilReadyAsync(
        int serverId, Task<int> exited, ServerLog log, Cluster cluster, EmbeddedPostgresOptions options, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        while (PostmasterFile.Read(cluster.Directory) is not { IsReady: true } state || state.ProcessId != serverId)
        {
            if (exited.IsCompleted)
            {
                if (log.Says("could not create any TCP/IP sockets") || log.Says("could not bind IPv4"))
                {
                    throw new PortTakenException();
                }

                throw new EmbeddedPostgresException($"PostgreSQL ended with code {await exited} at its start. Its last words:\n{log.Tail}");
            }

            if (clock.Elapsed > options.StartTimeout)
            {
                throw new EmbeddedPostgresException(
                    $"PostgreSQL did not accept connections within {options.StartTimeout.TotalSeconds:0} s. Its last words:\n{log.Tail}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(15), ct);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private sealed class PortTakenException : Exception;
}

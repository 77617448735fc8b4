using JanServer.Data.Connections;
using JanServer.Data.Conventions;
using JanServer.Data.Schema;
using JanServer.ServiceDefaults.Errors;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanServer.Data;

/// <summary>Registers a service's database, in the shape of Aspire's component of the same name.</summary>
public static class NpgsqlDbContextExtensions
{
    /// <summary>
    /// Registers a pooled <typeparamref name="TContext"/> that does not track, the <see cref="NpgsqlDataSource"/> below it,
    /// the migrations embedded in the context's assembly (applied before the server takes requests) and a readiness check.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The connection string's name: <c>ConnectionStrings:{connectionName}</c>.</param>
    /// <param name="configureDbContextOptions">Further options of the context.</param>
    /// <exception cref="InvalidOperationException">At start: the connection string is missing.</exception>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder, string connectionName, Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(services => DataSources.Create(
            Require(services.GetRequiredService<IConfiguration>(), connectionName),
            builder.Environment.ApplicationName,
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionClassifier, DatabaseOutage>());
        builder.Services.AddDbContextPool<TContext>((services, options) =>
        {
            options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>());
            options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);
            options.UseHouseConventions();
            options.ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));
            configureDbContextOptions?.Invoke(options);
        });
        builder.Services.AddHostedService(services => new MigrationService(
            services.GetRequiredService<NpgsqlDataSource>(),
            MigrationSet.Of(typeof(TContext).Assembly),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<Migrator>>()));
        builder.Services.AddHealthChecks().Add(new(
            connectionName,
            services => new DatabaseHealthCheck(services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<TimeProvider>()),
            failureStatus: null,
            tags: ["ready"]));
    }

    private static string Require(IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"The connection string 'ConnectionStrings:{name}' is missing. Set it in the configuration or as the environment variable "
                + $"ConnectionStrings__{name}, for example Host=127.0.0.1;Port=5432;Username=...;Password=...;Database=jan.");
}

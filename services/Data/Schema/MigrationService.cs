using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JanServer.Data.Schema;

/// <summary>Applies a service's migrations before anything else of the host starts, the server included.</summary>
internal sealed class MigrationService(NpgsqlDataSource database, MigrationSet migrations, TimeProvider clock, ILogger<Migrator> logger)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => new Migrator(database, clock, logger).ApplyAsync(migrations, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

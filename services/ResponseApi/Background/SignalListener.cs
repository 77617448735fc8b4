using Npgsql;

namespace JanServer.ResponseApi.Background;

/// <summary>Listens to the database for what replicas tell each other. While it cannot, everybody polls.</summary>
internal sealed partial class SignalListener(
    NpgsqlDataSource database, Signals signals, RunningResponses running, ILogger<SignalListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A connection that a router forgot is silent for ever: this asks.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, (failure as PostgresException)?.SqlState ?? failure.GetType().Name);
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        connection.Notification += (_, message) => signals.Receive(message.Payload, response => running.Stop(response, StopReason.Cancelled));
        await ExecuteAsync(connection, "LISTEN " + Signals.Channel, ct);
        signals.RaiseAll();
        while (true)
        {
            if (!await connection.WaitAsync(MaxSilence, ct))
            {
                await ExecuteAsync(connection, "SELECT 1", ct);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
#pragma warning disable CA2100 // Constants of this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No news from the database; polling until it is back: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}

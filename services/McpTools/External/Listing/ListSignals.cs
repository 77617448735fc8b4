using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.Data.Connections;
using JanServer.McpTools.External.Servers;
using JanServer.McpTools.Tools;
using Npgsql;

namespace JanServer.McpTools.External.Listing;

/// <summary>
/// Carries the news that tools changed to all replicas, by PostgreSQL's NOTIFY. News is lost while the database is away; whoever lists the
/// tools sees them as they are all the same.
/// </summary>
internal sealed partial class ListSignals(NpgsqlDataSource database, IListChanges changes, TimeProvider clock, ILogger<ListSignals> logger)
    : BackgroundService
{
    private const string Channel = "mcp_tools_changed";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // Finds out in the end that the other side is gone without a word.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Says that the tools of a server, as a principal sees them, changed.</summary>
    public async Task SendAsync(ExternalServer server, Guid principal, CancellationToken ct)
    {
        var audience = principal != Guid.Empty ? $"u{principal:N}"
            : server.UserId is { } user ? $"u{user.Value:N}"
            : server.OrganizationId is { } organization ? $"o{organization.Value:N}"
            : "a";
        await using var command = database.CreateCommand("SELECT pg_notify($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = audience });
        await command.ExecuteNonQueryAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && (e is NpgsqlException or TimeoutException || DatabaseFailure.IsOutage(e)))
            {
                Log.Interrupted(logger);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        connection.Notification += (_, news) => Hear(news.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(ct);
        }

        while (true)
        {
            if (!await connection.WaitAsync(Longest, ct))
            {
                await using var check = new NpgsqlCommand("SELECT 1", connection);
                await check.ExecuteNonQueryAsync(ct);
            }
        }
    }

    private void Hear(string audience)
    {
        var id = audience.Length == 33 && Guid.TryParseExact(audience.AsSpan(1), "N", out var parsed) ? parsed : Guid.Empty;
        changes.Raise(audience.Length == 0 || id == Guid.Empty ? new()
            : audience[0] == 'u' ? new(User: new Id<UserRef>(id))
            : new(Organization: new Id<OrganizationRef>(id)));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The database cannot be reached; clients are not told of changed tools until it can")]
        public static partial void Interrupted(ILogger logger);
    }
}

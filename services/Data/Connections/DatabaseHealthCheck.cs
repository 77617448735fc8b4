using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace JanServer.Data.Connections;

/// <summary>Ready means that the database answers. The answer is kept a second, so probes cost next to nothing.</summary>
internal sealed class DatabaseHealthCheck(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    private (long At, HealthCheckResult Result)? _last;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_last is { } last && clock.GetElapsedTime(last.At) < Kept)
        {
            return last.Result;
        }

        var result = await AskAsync(context.Registration.FailureStatus, cancellationToken);
        _last = (clock.GetTimestamp(), result);
        return result;
    }

    private async Task<HealthCheckResult> AskAsync(HealthStatus failure, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Deadline);
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return new HealthCheckResult(failure, "The database does not answer.", e);
        }
    }
}

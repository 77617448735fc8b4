using System.Net;
using System.Threading.Channels;
using JanServer.Contracts.Accounts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JanServer.ServiceDefaults.Auditing;

/// <summary>
/// Sends reports to accounts one after another, and again while it is away for some seconds. What cannot be sent, or finds no room, is
/// written to the service's own log instead, so that it is not lost altogether.
/// </summary>
internal sealed partial class AuditReports(AccountsClient accounts, TimeProvider clock, ILogger<AuditReports> logger) : BackgroundService
{
    private const int Capacity = 1000;
    private const int MaxAttempts = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Channel<RecordAudit> _reports =
        Channel.CreateBounded<RecordAudit>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    // Ends the last sending, however many reports are left.
    private readonly CancellationTokenSource _end = new();

    /// <summary>Takes a report; never waits.</summary>
    public void Add(RecordAudit report)
    {
        if (!_reports.Writer.TryWrite(report))
        {
            LogLost(report, exception: null);
        }
    }

    /// <summary>Takes no more, and sends what is there once more before the end.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        // A host that is disposed twice stops what it has disposed of.
        if (_reports.Writer.TryComplete())
        {
            _end.CancelAfter(Deadline);
        }

        return base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _end.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var report in _reports.Reader.ReadAllAsync(CancellationToken.None))
        {
            await SendAsync(report, stoppingToken);
        }
    }

    private async Task SendAsync(RecordAudit report, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            deadline.CancelAfter(Deadline);
            try
            {
                await accounts.RecordAuditAsync(report, deadline.Token);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                if (attempt == MaxAttempts || stopping.IsCancellationRequested || e is HttpRequestException { StatusCode: HttpStatusCode.BadRequest })
                {
                    LogLost(report, e);
                    return;
                }
            }

            await Task.Delay(FirstPause * (1 << (attempt - 1)), clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void LogLost(RecordAudit report, Exception? exception) =>
        Log.Lost(logger, exception, report.Action, report.ResourceType, report.ResourceId, report.UserId.ToString(), report.StatusCode);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The audit log lacks this: {Action} of {Type} {Resource} by {User}, answered {Status}")]
        public static partial void Lost(
            ILogger logger, Exception? exception, string action, string type, string? resource, string user, int? status);
    }
}

using System.Net;
using System.Text;
using JanServer.Data.Connections;
using JanServer.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Calls;

/// <summary>Tells conversations in llm-api what became of calls, from the queue, until they have been told or it is no use.</summary>
internal sealed partial class ConversationReports(
    CallReportStore store,
    IHttpClientFactory clients,
    ReportSignal signal,
    CallMetrics metrics,
    IOptions<CallOptions> options,
    ILogger<ConversationReports> logger) : BackgroundService
{
    public const string Client = "llm-api";

    private const int MaxAtOnce = 10;

    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan IdlePause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var taken = 0;
            try
            {
                var reports = await store.TakeAsync(MaxAtOnce, Lease, stoppingToken);
                taken = reports.Count;
                await Task.WhenAll(reports.Select(report => TellAsync(report, stoppingToken)));
            }
            catch (Exception e) when (DatabaseFailure.IsTransient(e) && !stoppingToken.IsCancellationRequested)
            {
                Log.NoDatabase(logger, e.GetType().Name);
                taken = 0;
            }

            if (taken < MaxAtOnce)
            {
                await signal.WaitAsync(IdlePause, stoppingToken);
            }
        }
    }

    private async Task TellAsync(CallReport report, CancellationToken ct)
    {
        var status = await SendAsync(report, ct);
        switch (status)
        {
            case { } done when (int)done is >= 200 and < 300 or (int)HttpStatusCode.Conflict:
                metrics.Reported("told");
                await store.RemoveAsync(report.Id, ct);
                break;
            case { } refused when (int)refused is >= 400 and < 500 && refused is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized):
                // Nobody asked for this item, or it is gone.
                metrics.Reported("dropped");
                Log.Dropped(logger, (int)refused);
                await store.RemoveAsync(report.Id, ct);
                break;
            case var failed when report.Attempts >= options.Value.MaxReports:
                metrics.Reported("given_up");
                Log.GivenUp(logger, report.Attempts, (int?)failed);
                await store.RemoveAsync(report.Id, ct);
                break;
            default:
                metrics.Reported("retried");
                await store.PostponeAsync(report, BackOff(report.Attempts), ct);
                break;
        }
    }

    private async Task<HttpStatusCode?> SendAsync(CallReport report, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(AttemptTimeout);
        var path = $"v1/conversations/{Uri.EscapeDataString(report.ConversationId)}/items/by-call-id/{Uri.EscapeDataString(report.CallId)}";
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(report.Body, Encoding.UTF8, "application/json"),
        };
        try
        {
            using var response = await clients.CreateClient(Client).SendAsync(
                request.For(ReportedCaller.Read(report.Caller)), HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static TimeSpan BackOff(int attempts)
    {
        var pause = FirstBackOff * Math.Pow(2, Math.Min(attempts - 1, 20));
        return (pause < MaxBackOff ? pause : MaxBackOff) * (0.8 + (0.4 * Random.Shared.NextDouble()));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "A conversation does not take the report of a call: status {Status}")]
        public static partial void Dropped(ILogger logger, int status);

        [LoggerMessage(LogLevel.Warning, "A conversation could not be told of a call in {Attempts} attempts; the last status was {Status}")]
        public static partial void GivenUp(ILogger logger, int attempts, int? status);

        [LoggerMessage(LogLevel.Warning, "The reports of calls wait for the database: {Failure}")]
        public static partial void NoDatabase(ILogger logger, string failure);
    }
}

using System.Text.Json;
using System.Threading.Channels;
using JanServer.McpTools.Protocol.Answers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary>
/// Sends a call's progress to its client, in order and before the answer. A tool never waits for a slow client: of reports that cannot
/// be sent in time the oldest are left out.
/// </summary>
internal sealed class ProgressRelay : IProgress<ProgressNotificationValue>, IAsyncDisposable
{
    private const int MaxWaiting = 64;

    private readonly Channel<ProgressNotificationValue> _reports = Channel.CreateBounded<ProgressNotificationValue>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly IAnswer _answer;
    private readonly ProgressToken _token;
    private readonly Task _sending;

    public ProgressRelay(IAnswer answer, ProgressToken token, CancellationToken ct)
    {
        _answer = answer;
        _token = token;
        _sending = SendAsync(ct);
    }

    public void Report(ProgressNotificationValue value) => _reports.Writer.TryWrite(value);

    /// <summary>Sends what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _reports.Writer.TryComplete();
        await _sending;
    }

    private async Task SendAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var report in _reports.Reader.ReadAllAsync(ct))
            {
                var parameters = new ProgressNotificationParams { ProgressToken = _token, Progress = report };
                await _answer.SendAsync(
                    new JsonRpcNotification
                    {
                        Method = NotificationMethods.ProgressNotification,
                        Params = JsonSerializer.SerializeToNode(parameters, McpJson.TypeOf<ProgressNotificationParams>()),
                    },
                    ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The call is over; nobody is left to be told.
        }
    }
}

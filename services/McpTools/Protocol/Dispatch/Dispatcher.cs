using System.Globalization;
using JanServer.McpTools.Calls;
using JanServer.McpTools.Protocol.Answers;
using JanServer.McpTools.Protocol.Methods;
using JanServer.McpTools.Protocol.Requests;
using JanServer.ServiceDefaults.Shutdown;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Dispatch;

/// <summary>Runs one request through a server of the SDK that is made for it and gone with it.</summary>
internal sealed class Dispatcher(
    IEnumerable<IMethods> methods,
    ServerProfile profile,
    RunningRequests running,
    CallCancellations cancellations,
    ProtocolMetrics metrics,
    IOptions<ProtocolOptions> options,
    DrainDeadline drain,
    TimeProvider clock,
    SdkLoggers loggers)
{
    private readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(options.Value.RequestSeconds);

    /// <summary>Answers the request. It ends early when the client cancels it, or leaves and there is no idempotency key.</summary>
    public async Task RunAsync(JsonRpcRequest message, McpRequest request, CancellationToken aborted)
    {
        // A stream of notifications ends by itself.
        using var deadline = message.Method == RequestMethods.SubscriptionsListen ? new() : new CancellationTokenSource(_timeout, clock);
        using var cancelled = new CancellationTokenSource();
        using var life = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token, cancelled.Token, drain.Token, request.IdempotencyKey is null ? aborted : CancellationToken.None);
        using var cancellable = request.Session is { } session ? running.Add(session.Id, message.Id, cancelled) : null;
        var begun = clock.GetTimestamp();
        var status = "cancelled";
        try
        {
            status = await ServeAsync(message, request, life.Token) ? "ok" : "error";
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            if (cancelled.IsCancellationRequested)
            {
                await request.Answer.AbandonAsync(CancellationToken.None);
                if (request.IdempotencyKey is { } key)
                {
                    // Otherwise the call would go on without its client.
                    await cancellations.CancelAsync(request.Caller, key, drain.Token);
                }
            }
            else if (!aborted.IsCancellationRequested)
            {
                status = deadline.IsCancellationRequested ? "timeout" : status;
                await request.Answer.FinishAsync(WhyItEnded(deadline.IsCancellationRequested).ToMessage(message.Id), aborted);
            }
        }
        finally
        {
            metrics.Ended(message.Method, request.Revision, status, clock.GetElapsedTime(begun));
        }
    }

    private async Task<bool> ServeAsync(JsonRpcRequest message, McpRequest request, CancellationToken ct)
    {
        await using var exchange = new Exchange(request.Answer, message.Id);
        await using var server = McpServer.Create(exchange, OptionsFor(request), loggers);
        var serving = server.RunAsync(ct);
        message.Context = new() { ProtocolVersion = request.Revision };
        await exchange.ReceiveAsync(message, ct);
        return await WaitAsync(exchange, serving, request.Answer, ct);
    }

    private async Task<bool> WaitAsync(Exchange exchange, Task serving, IAnswer answer, CancellationToken ct)
    {
        var over = Task.WhenAny(exchange.Answered, serving);
        while (true)
        {
            try
            {
                await over.WaitAsync(_keepAlive, clock, ct);
                return exchange.Answered.IsCompletedSuccessfully && await exchange.Answered;
            }
            catch (TimeoutException)
            {
                await answer.KeepAliveAsync(ct);
            }
        }
    }

    private RequestError WhyItEnded(bool late) => new(
        late ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status503ServiceUnavailable,
        McpErrorCode.InternalError,
        late
            ? string.Create(CultureInfo.InvariantCulture, $"The request took longer than {_timeout.TotalSeconds} seconds and was ended.")
            : "The server is stopping; send the request again.");

    private McpServerOptions OptionsFor(McpRequest request)
    {
        var server = new McpServerOptions
        {
            ServerInfo = profile.Implementation,
            ServerInstructions = ServerProfile.Instructions,
            Capabilities = ServerProfile.Capabilities(),
            ScopeRequests = false,
            KnownClientCapabilities = request.Session?.Capabilities,
        };
        foreach (var group in methods)
        {
            group.AddTo(server, request);
        }

        return server;
    }
}

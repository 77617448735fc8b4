using System.Globalization;
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
    IOptions<ProtocolOptions> options,
    DrainDeadline drain,
    TimeProvider clock,
    ILoggerFactory loggers)
{
    private readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(options.Value.RequestSeconds);

    /// <summary>Answers the request. It ends early when the client leaves, unless it comes with an idempotency key.</summary>
    public async Task RunAsync(JsonRpcRequest message, McpRequest request, CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource(_timeout, clock);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token, drain.Token, request.IdempotencyKey is null ? aborted : CancellationToken.None);
        var exchange = new Exchange(request.Answer, message.Id);
        await using (exchange)
        {
            await using var server = McpServer.Create(exchange, OptionsFor(request), loggers);
            var running = server.RunAsync(life.Token);
            try
            {
                message.Context = new() { ProtocolVersion = request.Revision };
                await exchange.ReceiveAsync(message, life.Token);
                await WaitAsync(exchange, running, request.Answer, life.Token);
            }
            catch (OperationCanceledException) when (life.IsCancellationRequested)
            {
                if (!aborted.IsCancellationRequested)
                {
                    await request.Answer.FinishAsync(WhyItEnded(deadline.IsCancellationRequested).ToMessage(message.Id), aborted);
                }
            }
        }
    }

    private async Task WaitAsync(Exchange exchange, Task running, IAnswer answer, CancellationToken ct)
    {
        var over = Task.WhenAny(exchange.Answered, running);
        while (!over.IsCompleted)
        {
            await Task.WhenAny(over, Task.Delay(_keepAlive, clock, ct));
            ct.ThrowIfCancellationRequested();
            if (!over.IsCompleted)
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
        };
        foreach (var group in methods)
        {
            group.AddTo(server, request);
        }

        return server;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Signals;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace JanServer.McpTools.Protocol.Methods;

/// <summary><c>subscriptions/listen</c> of revision 2026-07-28: a stream of what changes, of the kinds that the client wants.</summary>
internal sealed class ListenMethods(
    SignalBus bus,
    StreamLimit streams,
    ProtocolMetrics metrics,
    IOptions<ProtocolOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider clock)
    : IMethods
{
    private const string SubscriptionId = "io.modelcontextprotocol/subscriptionId";
    private const int MaxResources = 200;

    public void AddTo(McpServerOptions server, McpRequest request) =>
        server.Handlers.SubscriptionsListenHandler = (context, ct) => ListenAsync(context, request, ct);

    private async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> context, McpRequest request, CancellationToken ct)
    {
        if (!request.Answer.CanNotify)
        {
            throw new McpProtocolException("Notifications take a client that accepts text/event-stream.", McpErrorCode.InvalidRequest);
        }

        var wanted = context.Params?.Notifications ?? throw new McpProtocolException("'params.notifications' is required.", McpErrorCode.InvalidParams);
        if (wanted.ResourceSubscriptions?.Count > MaxResources)
        {
            throw new McpProtocolException($"'params.notifications.resourceSubscriptions' has {MaxResources} entries at most.", McpErrorCode.InvalidParams);
        }

        using var place = streams.Take(request.Caller.UserId)
            ?? throw new McpProtocolException("Too many streams are open for this user.", McpErrorCode.InvalidRequest);
        var id = context.JsonRpcRequest.Id;
        using var pending = new PendingSignals(bus, new Wishes(wanted, request.Caller.UserId.Value).Concern);
        await SendAsync(
            request,
            id,
            NotificationMethods.SubscriptionsAcknowledgedNotification,
            JsonSerializer.SerializeToNode(
                new SubscriptionsAcknowledgedNotificationParams { Notifications = wanted },
                McpJson.TypeOf<SubscriptionsAcknowledgedNotificationParams>()),
            ct);
        await RelayAsync(pending, wanted, request, id, ct);
        return new() { Meta = new() { [SubscriptionId] = ValueOf(id) } };
    }

    /// <summary>Sends what happens until the client leaves, the server stops or the time of a stream is over.</summary>
    private async Task RelayAsync(PendingSignals pending, SubscriptionsListenNotifications wanted, McpRequest request, RequestId id, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.StreamSeconds), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token, lifetime.ApplicationStopping);
        var wishes = new Wishes(wanted, request.Caller.UserId.Value);
        metrics.Streams(1);
        try
        {
            while (true)
            {
                foreach (var (method, parameters) in ChangeNotifications.Of(await pending.TakeAsync(end.Token), wishes.Concern, wanted.ResourceSubscriptions ?? []))
                {
                    await SendAsync(request, id, method, parameters, end.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The end that the protocol foresees: the answer to the request says that no more will come.
        }
        finally
        {
            metrics.Streams(-1);
        }
    }

    private static ValueTask SendAsync(McpRequest request, RequestId id, string method, JsonNode? parameters, CancellationToken ct)
    {
        var tagged = parameters as JsonObject ?? [];
        tagged["_meta"] = new JsonObject { [SubscriptionId] = ValueOf(id) };
        return request.Answer.SendAsync(new JsonRpcNotification { Method = method, Params = tagged }, ct);
    }

    private static JsonNode? ValueOf(RequestId id) => JsonSerializer.SerializeToNode(id, McpJson.TypeOf<RequestId>());

    /// <summary>Which signals a client wants to hear of.</summary>
    private sealed class Wishes(SubscriptionsListenNotifications wanted, Guid user)
    {
        public bool Concern(Signal signal) => (signal.User is null || signal.User == user) && signal.Kind switch
        {
            SignalKind.ToolsChanged => wanted.ToolsListChanged == true,
            SignalKind.PromptsChanged => wanted.PromptsListChanged == true,
            SignalKind.ResourcesChanged => wanted.ResourcesListChanged == true,
            SignalKind.ResourceUpdated => wanted.ResourceSubscriptions?.Contains(signal.Subject!) == true,
            _ => false,
        };
    }
}

using System.Security.Cryptography;
using JanServer.McpTools.Protocol.Answers;
using JanServer.McpTools.Protocol.Requests;
using JanServer.McpTools.Protocol.Sessions;
using JanServer.McpTools.Protocol.Signals;
using JanServer.ServiceDefaults.Auth;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;

namespace JanServer.McpTools.Protocol;

/// <summary>
/// <c>GET</c>: the stream on which clients of the revisions with a handshake hear what changes. A session has one; a newer one takes its
/// place, wherever it is opened. A client without a session hears of lists only.
/// </summary>
internal sealed class GetHandler(
    SessionGate gate,
    SessionStore sessions,
    SignalBus bus,
    StreamLimit streams,
    ProtocolMetrics metrics,
    IOptions<ProtocolOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider clock)
{
    private const int IdBytes = 16;

    private readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);

    public async Task HandleAsync(HttpContext context)
    {
        var caller = Caller.Of(context)!;
        var (session, error) = await gate.EnterAsync(context, caller);
        error ??= AnswerForms.Of(context.Request) is AnswerForm.Either or AnswerForm.Events
            ? null
            : RequestError.Invalid("Not acceptable: the stream takes a client that accepts text/event-stream.", StatusCodes.Status406NotAcceptable);
        if (error is not null)
        {
            await JsonAnswer.RefuseAsync(context.Response, error, context.RequestAborted);
            return;
        }

        using var place = streams.Take(caller.UserId);
        if (place is null)
        {
            await JsonAnswer.RefuseAsync(
                context.Response,
                RequestError.Invalid("Too many streams are open for this user.", StatusCodes.Status429TooManyRequests),
                context.RequestAborted);
            return;
        }

        await StreamAsync(context, caller, session);
    }

    private async Task StreamAsync(HttpContext context, Caller caller, Session? session)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.StreamSeconds), clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token, lifetime.ApplicationStopping);
        var me = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var announced = false;
        using var pending = new PendingSignals(bus, Concerns);
        metrics.Streams(1);
        try
        {
            if (session is not null)
            {
                await bus.SendAsync(new(SignalKind.StreamReplaced, Subject: session.Id, Detail: me), end.Token);
            }

            var stream = new EventStream(context.Response);
            await stream.BeginAsync(StatusCodes.Status200OK, end.Token);
            await stream.KeepAliveAsync(end.Token);
            await RelayAsync(stream, pending, caller, session, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left, its time is over, or the server stops: it opens another one.
        }
        finally
        {
            metrics.Streams(-1);
        }

        // Signals come one at a time and in their order: a stream that was opened before this one is not newer.
        bool Concerns(Signal signal)
        {
            if (signal.Kind != SignalKind.StreamReplaced)
            {
                return IsAbout(signal, caller, session);
            }

            var mine = session is not null && signal.Subject == session.Id;
            announced |= mine && signal.Detail == me;
            return mine && signal.Detail != me && (announced || signal.Detail is null);
        }
    }

    private async Task RelayAsync(EventStream stream, PendingSignals pending, Caller caller, Session? session, CancellationToken ct)
    {
        while (true)
        {
            var signals = await NextAsync(stream, pending, ct);
            if (signals.Any(signal => signal.Kind == SignalKind.StreamReplaced))
            {
                return;
            }

            // What it subscribed to may have changed through any replica; so may its being there at all.
            var current = session is null ? null : await sessions.FindAsync(caller, session.Id, ct);
            if (session is not null && current is null)
            {
                return;
            }

            var resources = current?.Subscriptions ?? [];
            foreach (var (method, parameters) in ChangeNotifications.Of(
                signals, signal => signal.Kind is SignalKind.ToolsChanged or SignalKind.PromptsChanged or SignalKind.ResourcesChanged || IsSubscribed(signal, resources), resources))
            {
                await stream.WriteAsync(new JsonRpcNotification { Method = method, Params = parameters }, ct);
            }
        }
    }

    private async Task<IReadOnlyList<Signal>> NextAsync(EventStream stream, PendingSignals pending, CancellationToken ct)
    {
        var next = pending.TakeAsync(ct).AsTask();
        while (true)
        {
            try
            {
                return await next.WaitAsync(_keepAlive, clock, ct);
            }
            catch (TimeoutException)
            {
                await stream.KeepAliveAsync(ct);
            }
        }
    }

    private static bool IsSubscribed(Signal signal, IReadOnlyCollection<string> resources) =>
        signal.Kind == SignalKind.ResourceUpdated && resources.Contains(signal.Subject!);

    private static bool IsAbout(Signal signal, Caller caller, Session? session) => signal.Kind switch
    {
        SignalKind.ToolsChanged or SignalKind.PromptsChanged or SignalKind.ResourcesChanged => signal.User is null || signal.User == caller.UserId.Value,
        SignalKind.ResourceUpdated => session is not null && (signal.User is null || signal.User == caller.UserId.Value),
        _ => false,
    };
}

using JanServer.Gateway.Authentication;
using JanServer.Gateway.RateLimits;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace JanServer.Gateway.Forwarding;

/// <summary>
/// What happens to a request once its route is known: limits, who is calling, then the service, over which it is sent
/// again only while nothing of it was received there.
/// </summary>
internal sealed partial class ForwardingPipeline(
    EdgeAuthentication authentication,
    CallerTokenCache tokens,
    EdgeLimits limits,
    IOptions<GatewayOptions> gateway,
    IOptions<ForwardingOptions> forwarding,
    TimeProvider clock,
    ILogger<ForwardingPipeline> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly GatewayOptions _gateway = gateway.Value;
    private readonly TimeSpan _retryFor = TimeSpan.FromSeconds(forwarding.Value.ConnectRetrySeconds);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var proxied = context.GetReverseProxyFeature();
        var service = proxied.Cluster.Config.ClusterId;
        var maxBytes = _gateway.MaxBodyBytesOf.TryGetValue(service, out var own) ? own : _gateway.MaxBodyBytes;
        if (BodyLimits.Apply(context, maxBytes) is { } tooLarge)
        {
            await ErrorEnvelope.WriteAsync(context, tooLarge);
            return;
        }

        if (await limits.ByAddressAsync(context) is { } tooMany)
        {
            await ErrorEnvelope.WriteAsync(context, tooMany);
            return;
        }

        var (caller, refusal) = await authentication.AuthenticateAsync(context);
        var pass = caller is null ? null : tokens.PassFor(caller);
        refusal ??= await limits.ByCallerAsync(context, caller, pass?.Id);
        if (refusal is not null)
        {
            McpChallenge.AddTo(context, refusal, _gateway.PublicUrl);
            await ErrorEnvelope.WriteAsync(context, refusal);
            return;
        }

        if (pass is null)
        {
            IdentityHeaders.ForAnonymous(context, tokens.TokenOfGateway());
        }
        else
        {
            IdentityHeaders.ForCaller(context, pass.Token);
        }

        var destinations = proxied.AvailableDestinations;
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure)
        {
            return;
        }

        if (!context.Response.HasStarted)
        {
            await RecoverAsync(context, next, proxied, destinations, failure, maxBytes);
        }
        else if (ForwardingErrors.IsTheServices(failure))
        {
            Log.BrokenOff(logger, failure.Exception, service, failure.Error);
        }
    }

    private async Task RecoverAsync(
        HttpContext context,
        RequestDelegate next,
        IReverseProxyFeature proxied,
        IReadOnlyList<DestinationState> destinations,
        IForwarderErrorFeature failure,
        long maxBytes)
    {
        var deadline = clock.GetUtcNow() + _retryFor;
        var pause = FirstPause;
        var untried = destinations;
        var last = failure;
        while (ForwardingErrors.NothingWasSent(last) && clock.GetUtcNow() < deadline && !context.RequestAborted.IsCancellationRequested)
        {
            untried = [.. untried.Where(destination => destination != proxied.ProxiedDestination)];
            if (untried.Count == 0)
            {
                await Task.Delay(pause, clock, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                untried = destinations;
            }

            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
            proxied.AvailableDestinations = untried;
            proxied.ProxiedDestination = null;
            await next(context);
            if (context.Response.HasStarted || context.GetForwarderErrorFeature() is not { } again)
            {
                return;
            }

            last = again;
        }

        if (ForwardingErrors.ToApiError(last, proxied.Cluster.Config.ClusterId, maxBytes) is { } error)
        {
            if (error.Status >= StatusCodes.Status500InternalServerError)
            {
                Log.Failed(logger, last.Exception, proxied.Cluster.Config.ClusterId, last.Error, error.Status);
            }

            await ErrorEnvelope.WriteAsync(context, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Service} did not answer ({Error}); the client got {Status}")]
        public static partial void Failed(ILogger logger, Exception? exception, string service, ForwarderError error, int status);

        [LoggerMessage(LogLevel.Warning, "An answer of {Service} broke off ({Error})")]
        public static partial void BrokenOff(ILogger logger, Exception? exception, string service, ForwarderError error);
    }
}

using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Requests;
using JanServer.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http;

namespace JanServer.ServiceDefaults.Resilience;

/// <summary>
/// Tells the called service who is asking, and under which request id. It is the caller of the current request, by a fresh token, since
/// the one we got may end before a long answer does; outside a request, and for <c>/internal</c> routes, it is this service itself,
/// unless the request says for whom it is made (<see cref="OnBehalfOf"/>).
/// </summary>
internal sealed class CallerForwardingHandler(IHttpContextAccessor current, CallerTokens tokens, ServiceName self) : DelegatingHandler
{
    private const string InternalPath = "/internal/";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = current.HttpContext;
        var caller = OnBehalfOf.CallerOf(request)
            ?? (IsInternal(request) ? null : OnBehalfOf.Ambient ?? (context is null ? null : Caller.Of(context)));
        Set(request, CallerTokens.HeaderName, caller is null ? tokens.IssueForService(self.Value) : tokens.Issue(caller));
        if (context is not null && !request.Headers.Contains(RequestIds.HeaderName))
        {
            Set(request, RequestIds.HeaderName, context.TraceIdentifier);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private static bool IsInternal(HttpRequestMessage request) =>
        request.RequestUri is { IsAbsoluteUri: true } address && address.AbsolutePath.StartsWith(InternalPath, StringComparison.Ordinal);

    private static void Set(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}

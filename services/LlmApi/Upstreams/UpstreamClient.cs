using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using JanServer.LlmApi.Providers;
using Microsoft.Extensions.Options;

namespace JanServer.LlmApi.Upstreams;

/// <summary>
/// The one connection pool to providers. Follows no redirect, keeps no cookie, asks for no compression and retries nothing: what a
/// provider answers is what the caller gets. A base URL may be private, since only administrators set it.
/// </summary>
internal sealed class UpstreamClient : IDisposable
{
    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");
    private static readonly MediaTypeWithQualityHeaderValue EventStream = new("text/event-stream");
    private static readonly ProductInfoHeaderValue Product = new("JanServer", "1.0");

    private readonly HttpMessageInvoker _http;

    public UpstreamClient(IOptions<UpstreamOptions> options) => _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.Value.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        MaxResponseHeadersLength = 64,

        // Default is to read on after a client has left, in the hope to use the connection again: tokens nobody wants.
        MaxResponseDrainSize = 0,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateDefaultPropagator(),
    });

    /// <summary>Sends a request to a provider; returns when the headers of its answer are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Provider provider, bool wantsStream, CancellationToken ct)
    {
        provider.Authorize(request);
        request.Headers.Accept.Add(wantsStream ? EventStream : Json);
        request.Headers.UserAgent.Add(Product);
        return _http.SendAsync(request, ct);
    }

    public void Dispose() => _http.Dispose();
}

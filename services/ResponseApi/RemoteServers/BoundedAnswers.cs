using System.Net;
using JanServer.Contracts.Tools;

namespace JanServer.ResponseApi.RemoteServers;

/// <summary>Ends an answer that is larger than allowed, streams included.</summary>
internal sealed class BoundedAnswers(HttpMessageHandler inner, long maxBytes) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var bounded = new Bounded(response.Content, maxBytes);
        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            bounded.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = bounded;
        return response;
    }

    private sealed class Bounded(HttpContent inner, long maxBytes) : HttpContent
    {
        protected override async Task<Stream> CreateContentReadStreamAsync() => new BoundedReadStream(await inner.ReadAsStreamAsync(), maxBytes);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
            new BoundedReadStream(await inner.ReadAsStreamAsync(cancellationToken), maxBytes);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var body = await CreateContentReadStreamAsync();
            await body.CopyToAsync(stream);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

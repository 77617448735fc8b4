using System.Net;

namespace JanServer.Gateway.Forwarding;

/// <summary>The content of a response whose body is read through an <see cref="EventStreamReader"/>.</summary>
internal sealed class RescuedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly bool _endsWithDone;
    private readonly string _requestId;
    private readonly ILogger _logger;

    public RescuedContent(HttpContent inner, bool endsWithDone, string requestId, ILogger logger)
    {
        _inner = inner;
        _endsWithDone = endsWithDone;
        _requestId = requestId;
        _logger = logger;
        foreach (var (name, values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new EventStreamReader(await _inner.ReadAsStreamAsync(cancellationToken), _endsWithDone, _requestId, _logger);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await using var body = await CreateContentReadStreamAsync(CancellationToken.None);
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
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

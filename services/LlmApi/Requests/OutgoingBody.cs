using System.Net;
using System.Net.Http.Headers;

namespace JanServer.LlmApi.Requests;

/// <summary>
/// The request body as one upstream gets it: the client's bytes with the edits applied while they are written to the connection,
/// without a copy in between.
/// </summary>
internal sealed class OutgoingBody : HttpContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReadOnlyMemory<byte> _body;
    private readonly IReadOnlyList<Edit> _edits;
    private readonly byte[] _upstreamModel;

    /// <param name="body">The client's bytes; they must live until the request is sent.</param>
    /// <param name="edits">In order, not overlapping.</param>
    /// <param name="upstreamModel">The provider's own id as a JSON string.</param>
    public OutgoingBody(ReadOnlyMemory<byte> body, IReadOnlyList<Edit> edits, byte[] upstreamModel)
    {
        (_body, _edits, _upstreamModel) = (body, edits, upstreamModel);
        Headers.ContentType = Json;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        foreach (var edit in _edits)
        {
            length += Bytes(edit.With).Length - (edit.End - edit.Start);
        }

        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var position = 0;
        foreach (var edit in _edits)
        {
            await stream.WriteAsync(_body[position..edit.Start], cancellationToken);
            await stream.WriteAsync(Bytes(edit.With), cancellationToken);
            position = edit.End;
        }

        await stream.WriteAsync(_body[position..], cancellationToken);
    }

    private ReadOnlyMemory<byte> Bytes(Replacement replacement) => replacement.IsUpstreamModel ? _upstreamModel : replacement.Bytes;
}

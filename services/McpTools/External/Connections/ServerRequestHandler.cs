using System.Net;
using System.Net.Http.Headers;
using JanServer.McpTools.External.SignIn;

namespace JanServer.McpTools.External.Connections;

/// <summary>The server has forgotten our session, and so has not done what the request asked for.</summary>
internal sealed class SessionEndedException() : Exception("The server has forgotten the session.");

/// <summary>
/// Every HTTP request to one server passes here: it gets the server's headers and the user's token, on its way to the server's own origin
/// only (the older transport lets a server name another address), and its answer is bounded.
/// </summary>
/// <param name="server">The server's endpoint.</param>
/// <param name="headers">Its secret headers.</param>
/// <param name="tokens">The user's token, where users sign in.</param>
/// <param name="maxBytes">The largest message.</param>
/// <param name="inner">Checks every connection.</param>
internal sealed class ServerRequestHandler(
    Uri server, IReadOnlyDictionary<string, string> headers, IAccessTokens? tokens, long maxBytes, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsOwn(request.RequestUri!))
        {
            throw new HttpRequestException("The server leads to another origin.");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        await SentRequest.SeeAsync(request.Content, cancellationToken);
        request.Headers.UserAgent.Clear();
        request.Headers.TryAddWithoutValidation("User-Agent", "JanServer");
        var response = tokens is null
            ? await base.SendAsync(request, cancellationToken)
            : await SendAsync(request, tokens, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound && request.Method == HttpMethod.Post && request.Headers.Contains("Mcp-Session-Id"))
        {
            response.Dispose();
            throw new SessionEndedException();
        }

        Limit(response);
        return response;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, IAccessTokens tokens, CancellationToken ct)
    {
        // The body is read once at most by the transport's own content, so it is kept for the second attempt.
        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(ct);
        }

        var token = await tokens.GetAsync(refused: null, ct);
        request.Headers.Authorization = new("Bearer", token);
        var response = await base.SendAsync(request, ct);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            response.Dispose();
            request.Headers.Authorization = new("Bearer", await tokens.GetAsync(refused: token, ct));
            response = await base.SendAsync(request, ct);
        }

        if (response.StatusCode == HttpStatusCode.Unauthorized || IsLackOfScope(response))
        {
            response.Dispose();
            throw new SignInRequiredException();
        }

        return response;
    }

    // RFC 6750 section 3.1: the token is good, but was given for less than this takes.
    private static bool IsLackOfScope(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Forbidden
        && response.Headers.WwwAuthenticate.Any((AuthenticationHeaderValue challenge) =>
            challenge.Parameter?.Contains("insufficient_scope", StringComparison.Ordinal) == true);

    private bool IsOwn(Uri uri) => uri.Scheme == server.Scheme && uri.Port == server.Port
        && string.Equals(uri.IdnHost, server.IdnHost, StringComparison.OrdinalIgnoreCase);

    private void Limit(HttpResponseMessage response)
    {
        var end = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? MessageEnd.Event : MessageEnd.Body;
        if (end == MessageEnd.Body && response.Content.Headers.ContentLength > maxBytes)
        {
            response.Dispose();
            throw new MessageTooLargeException();
        }

        response.Content = new LimitedContent(response.Content, maxBytes, end);
    }

    /// <summary>The content through a <see cref="LimitedStream"/>, with the headers that it had.</summary>
    private sealed class LimitedContent : HttpContent
    {
        private readonly HttpContent _content;
        private readonly long _maxBytes;
        private readonly MessageEnd _end;

        public LimitedContent(HttpContent content, long maxBytes, MessageEnd end)
        {
            _content = content;
            _maxBytes = maxBytes;
            _end = end;
            foreach (var (name, values) in content.Headers)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override async Task<Stream> CreateContentReadStreamAsync() =>
            new LimitedStream(await _content.ReadAsStreamAsync(), _maxBytes, _end);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
            new LimitedStream(await _content.ReadAsStreamAsync(cancellationToken), _maxBytes, _end);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var limited = await CreateContentReadStreamAsync();
            await limited.CopyToAsync(stream);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await using var limited = await CreateContentReadStreamAsync(cancellationToken);
            await limited.CopyToAsync(stream, cancellationToken);
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
                _content.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

using Microsoft.Extensions.Options;

namespace JanServer.McpTools.Protocol.Requests;

/// <summary>
/// Which web pages may speak to this server. A browser says in <c>Origin</c> where a page is from; a page from elsewhere whose name
/// was made to resolve to us (DNS rebinding) cannot hide that. Programs send no origin.
/// </summary>
internal sealed class Origins(IOptions<ProtocolOptions> options)
{
    private readonly HashSet<string> _allowed = new(
        options.Value.AllowedOrigins.Select(origin => origin.TrimEnd('/')).Append(options.Value.PublicUrl.GetLeftPart(UriPartial.Authority)),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the request comes from no page or from one that may call.</summary>
    public bool Allow(HttpRequest request) =>
        request.Headers.Origin is not { Count: > 0 } origin
        || (origin.Count == 1 && (_allowed.Contains(origin[0]!) || IsLoopback(origin[0]!)));

    private static bool IsLoopback(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", IsLoopback: true };
}

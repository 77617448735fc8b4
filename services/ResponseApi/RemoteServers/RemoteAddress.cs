using System.Buffers;
using System.Text.Json;
using JanServer.ResponseApi.Requests;

namespace JanServer.ResponseApi.RemoteServers;

/// <summary>Where an MCP server is, and what goes along with every request to it. The headers are secrets.</summary>
internal sealed class RemoteAddress
{
    private const int MaxUrl = 2048;
    private const int MaxValue = 8192;

    // RFC 9110, 5.6.2.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // What the connection and the protocol decide.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Connection", "Content-Length", "Content-Type", "Expect", "Host", "Keep-Alive", "MCP-Protocol-Version", "Mcp-Session-Id",
        "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    private RemoteAddress(Uri url, IReadOnlyDictionary<string, string> headers) => (Url, Headers) = (url, headers);

    public Uri Url { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Reads <c>server_url</c>, <c>headers</c> and <c>authorization</c>; null with an error when one is not fit.</summary>
    public static RemoteAddress? Read(FieldReader tool, RemoteServerOptions limits)
    {
        var headers = ReadHeaders(tool, limits.MaxHeaders);
        if (tool.Text("authorization", 1, MaxValue) is { } token)
        {
            if (!IsValue(token))
            {
                tool.Fail("authorization", "It must be printable text on one line.");
            }
            else if (!headers.TryAdd("Authorization", $"Bearer {token}"))
            {
                tool.Fail("authorization", "It cannot be used together with an Authorization header.");
            }
        }

        var text = tool.Text("server_url", 1, MaxUrl);
        if (text is null)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url is { UserInfo: "", Fragment: "" }
            && (url.Scheme == Uri.UriSchemeHttps || (limits.AllowHttp && url.Scheme == Uri.UriSchemeHttp)))
        {
            return new(url, headers);
        }

        tool.Fail("server_url", $"It must begin with {(limits.AllowHttp ? "https:// or http://" : "https://")} and carry no user, password or fragment.");
        return null;
    }

    /// <summary>The text that log lines may show: paths, queries and headers carry secrets.</summary>
    public override string ToString() => $"{Url.Scheme}://{Url.Host}";

    private static Dictionary<string, string> ReadHeaders(FieldReader tool, int most)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (tool.Object("headers") is not { Value.ValueKind: JsonValueKind.Object } given)
        {
            return headers;
        }

        foreach (var header in given.Value.EnumerateObject())
        {
            var value = given.Text(header.Name, most: MaxValue);
            if (header.Name.Length is 0 or > 256 || header.Name.AsSpan().ContainsAnyExcept(Token) || Reserved.Contains(header.Name))
            {
                given.Fail(header.Name, "It is no header that may be set.");
            }
            else if (value is null || !IsValue(value) || !headers.TryAdd(header.Name, value))
            {
                given.Fail(header.Name, "It must be printable text on one line, once.");
            }
        }

        if (headers.Count > most)
        {
            tool.Fail("headers", $"There may be at most {most}.");
        }

        return headers;
    }

    private static bool IsValue(string text) => text.All(c => c is >= ' ' and not '\x7F');
}

using System.Collections.Frozen;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.Gateway.Authentication;

/// <summary>
/// Every path that answers without a credential; all else is refused. Preflights and <c>OPTIONS</c> are answered by the
/// gateway itself and never get this far.
/// </summary>
internal static class AnonymousEndpoints
{
    /// <summary>Answered by the gateway.</summary>
    public static FrozenSet<string> Own { get; } = FrozenSet.ToFrozenSet(
        ["/", "/healthz", "/readyz", "/openapi/v1.json", "/api/swagger", "/api/swagger/doc.json"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Answered by accounts, which checks what each of these brings along.</summary>
    public static FrozenSet<string> Accounts { get; } = FrozenSet.ToFrozenSet(
        [
            "/auth/guest-login",
            "/auth/refresh-token",
            "/auth/login",
            "/auth/callback",
            "/auth/logout",
            "/auth/validate",
            "/auth/revoke",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Answered by media-api, which checks the signature of the link. Everything below is a file's id.</summary>
    private const string MediaLinks = "/api/media/";

    /// <summary>Answered by llm-api to whoever knows the address of a share, and only read. One segment follows.</summary>
    private const string Shares = "/v1/public/shares/";

    /// <summary>Answered by mcp-tools: where MCP clients sign in. Only read.</summary>
    public static FrozenSet<string> SignInMetadata { get; } = FrozenSet.ToFrozenSet(
        [ResourceChallenge.MetadataPath, ResourceChallenge.MetadataPath + "/mcp", ResourceChallenge.MetadataPath + "/v1/mcp"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Answered by mcp-tools, where browsers sign in to MCP servers: the link is good once, and so are the state that the other server sends
    /// back and the cookie <see cref="SignInCookie"/>.
    /// </summary>
    public static FrozenSet<string> SignIns { get; } = FrozenSet.ToFrozenSet(
        ["/v1/mcp/oauth/start", "/v1/mcp/oauth/callback"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The one cookie that <see cref="SignIns"/> read.</summary>
    public const string SignInCookie = "jan_mcp_sign_in";

    /// <summary>Those of <see cref="Accounts"/> that read the bearer themselves, even one that has expired.</summary>
    public static FrozenSet<string> ReadingTheBearer { get; } = FrozenSet.ToFrozenSet(
        ["/auth/refresh-token", "/auth/logout", "/auth/validate"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request needs no credential.</summary>
    public static bool Contain(HttpRequest request) =>
        request.Path.Value is { } path
        && Contain(path)
        && (!(IsShare(path) || SignInMetadata.Contains(path)) || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    /// <summary>Whether a path needs no credential, at least to read.</summary>
    public static bool Contain(string path) =>
        Accounts.Contains(path)
        || SignIns.Contains(path)
        || SignInMetadata.Contains(path)
        || path.StartsWith(MediaLinks, StringComparison.OrdinalIgnoreCase)
        || IsShare(path);

    private static bool IsShare(string path) =>
        path.Length > Shares.Length && path.StartsWith(Shares, StringComparison.OrdinalIgnoreCase) && path.IndexOf('/', Shares.Length) < 0;
}

using JanServer.ServiceDefaults.Errors;

namespace JanServer.ServiceDefaults.Auth;

/// <summary>
/// The challenge that tells an MCP client where to sign in: <c>WWW-Authenticate: Bearer resource_metadata="…"</c> (RFC 9728, section
/// 5.1). The gateway and mcp-tools, whichever refuses, say the same.
/// </summary>
public static class ResourceChallenge
{
    /// <summary>Where the metadata of protected resources are; the path of the resource follows (RFC 9728, section 3.1).</summary>
    public const string MetadataPath = "/.well-known/oauth-protected-resource";

    /// <summary>The value of <c>WWW-Authenticate</c>.</summary>
    /// <param name="publicUrl">Where clients reach the gateway, such as <c>https://jan.example.org</c>.</param>
    /// <param name="resource">The path of the resource as the client spelled it, such as <c>/mcp</c>.</param>
    /// <param name="code">Why it is refused, of <see cref="ErrorCodes"/>: only a credential that was sent is an invalid one.</param>
    public static string Of(Uri publicUrl, string resource, string code)
    {
        ArgumentNullException.ThrowIfNull(publicUrl);
        var metadata = publicUrl.AbsoluteUri.TrimEnd('/') + MetadataPath + resource;
        return code == ErrorCodes.MissingCredentials
            ? $"Bearer resource_metadata=\"{metadata}\""
            : $"Bearer error=\"invalid_token\", resource_metadata=\"{metadata}\"";
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JanServer.McpTools.External.Listing;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.External.Servers;
using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Options;

namespace JanServer.McpTools.External.SignIn;

/// <summary>
/// Signs users in to servers: OAuth 2.1 with PKCE. A link leads to a page of ours that names the account which the sign-in is for, so that
/// nobody signs in for somebody else unknowingly; going on from there binds the sign-in to the browser, and the authorization server sends
/// that browser back.
/// </summary>
internal sealed class SignIns(
    ServerStore servers,
    SignInStore store,
    AuthorizationStore authorizations,
    ToolListStore lists,
    OAuthDiscovery discovery,
    OAuthClients clients,
    TokenEndpoint tokens,
    SecretBox box,
    IOptions<ExternalOptions> options,
    TimeProvider clock)
{
    /// <summary>Below the public URL.</summary>
    public const string StartPath = "/v1/mcp/oauth/start", CallbackPath = "/v1/mcp/oauth/callback";

    private const int SecretBytes = 32;

    /// <summary>Prepares a sign-in, up to the link that its user is to open.</summary>
    public async Task<(Uri? Link, DateTimeOffset ExpiresAt, ApiError? Error)> PrepareAsync(Caller caller, ExternalServer server, CancellationToken ct)
    {
        if (!server.NeedsSignIn)
        {
            return (null, default, ApiError.Conflict("Nobody signs in to this server: its auth is 'none'."));
        }

        if (!box.CanSeal)
        {
            return (null, default, SecretBox.NoKey("auth"));
        }

        if (options.Value.PublicUrl is not { } publicUrl)
        {
            return (null, default, ApiError.Unavailable("Nobody can sign in to servers: the operator has not set ExternalServers:PublicUrl."));
        }

        var (at, error) = await discovery.FindAsync(server, ct);
        if (at is null)
        {
            return (null, default, error);
        }

        var redirectUri = publicUrl.AbsoluteUri.TrimEnd('/') + CallbackPath;
        (var client, error) = await clients.FindAsync(server, at, redirectUri, ct);
        if (client is null)
        {
            return (null, default, error);
        }

        var (ticket, state) = (Secret(), Secret());
        var lifetime = TimeSpan.FromMinutes(options.Value.SignInMinutes);
        var signIn = new PendingSignIn(
            state, Secret(), redirectUri, at, client, at.Scopes, caller.Email ?? caller.Username ?? caller.Name ?? caller.Subject);
        await store.AddAsync(server.Id, caller.UserId, Hash(ticket), Hash(state), signIn, lifetime, ct);
        return (new($"{publicUrl.AbsoluteUri.TrimEnd('/')}{StartPath}?ticket={ticket}"), clock.GetUtcNow() + lifetime, null);
    }

    /// <summary>What a link is for.</summary>
    public async Task<(StoredSignIn SignIn, ExternalServer Server)?> FindAsync(string ticket, CancellationToken ct) =>
        await store.FindAsync(Hash(ticket), ct) is { } signIn && await servers.FindAsync(signIn.Server, ct) is { } server ? (signIn, server) : null;

    /// <summary>Begins a sign-in in a browser.</summary>
    /// <returns>Where the browser goes; null when the link is no longer good.</returns>
    public async Task<Uri?> BeginAsync(string ticket, string browser, CancellationToken ct)
    {
        if (await store.BeginAsync(Hash(ticket), Hash(browser), ct) is not { SignIn: var signIn })
        {
            return null;
        }

        List<KeyValuePair<string, string>> query =
        [
            new("response_type", "code"),
            new("client_id", signIn.Client.Id),
            new("redirect_uri", signIn.RedirectUri),
            new("state", signIn.State),
            new("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(signIn.Verifier)))),
            new("code_challenge_method", "S256"),
            new("resource", signIn.Server.Resource),
        ];
        if (signIn.Scopes.Count > 0)
        {
            query.Add(new("scope", string.Join(' ', signIn.Scopes)));
        }

        var endpoint = signIn.Server.AuthorizationEndpoint;
        var pairs = string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
        return new($"{endpoint.AbsoluteUri}{(endpoint.Query.Length > 0 ? '&' : '?')}{pairs}");
    }

    /// <summary>Finishes a sign-in with what the browser brings back.</summary>
    /// <param name="callback">The parameters of the callback.</param>
    /// <param name="browser">The browser's cookie.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The server that the user is signed in to now; or why not, for a person.</returns>
    public async Task<(ExternalServer? Server, string? Error)> FinishAsync(SignInCallback callback, string? browser, CancellationToken ct)
    {
        if (callback.State is not { Length: > 0 } state || await store.TakeAsync(Hash(state), ct) is not { } stored)
        {
            return (null, "This sign-in is unknown, was used already, or took too long.");
        }

        if (browser is null || !CryptographicOperations.FixedTimeEquals(Hash(browser), stored.BrowserHash))
        {
            return (null, "This sign-in began in another browser.");
        }

        var signIn = stored.SignIn;
        if (callback.Iss is null ? signIn.Server.NamesItself : callback.Iss != signIn.Server.Issuer)
        {
            return (null, "The answer is of another authorization server.");
        }

        if (callback.Error is not null || callback.Code is not { Length: > 0 } code)
        {
            return (null, callback.Error == "access_denied" ? "You did not allow the access." : "The authorization server refused the sign-in.");
        }

        if (await servers.FindAsync(stored.Server, ct) is not { NeedsSignIn: true } server)
        {
            return (null, "The server is no longer registered.");
        }

        if (await tokens.ExchangeAsync(server, signIn, code, ct) is not { } given)
        {
            return (null, "The authorization server gave no token.");
        }

        await authorizations.PutAsync(server.Id, stored.User, given, ct);
        await lists.DueAsync(server.Id, stored.User.Value, ct);
        return (server, null);
    }

    private static string Secret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

namespace JanServer.McpTools.External.SignIn;

/// <summary>Where users of a server sign in, as RFC 9728 and RFC 8414 describe it.</summary>
/// <param name="Issuer">Its name.</param>
/// <param name="AuthorizationEndpoint">Where browsers go.</param>
/// <param name="TokenEndpoint">Where codes become tokens.</param>
/// <param name="RegistrationEndpoint">Where clients register (RFC 7591), if they may.</param>
/// <param name="Resource">The identifier of the MCP server (RFC 8707).</param>
/// <param name="Scopes">What to ask for.</param>
/// <param name="NamesItself">Whether its answers carry <c>iss</c> (RFC 9207).</param>
/// <param name="TakesBasic">Whether a client's secret may go into an Authorization header.</param>
internal sealed record AuthorizationServer(
    string Issuer,
    Uri AuthorizationEndpoint,
    Uri TokenEndpoint,
    Uri? RegistrationEndpoint,
    string Resource,
    IReadOnlyList<string> Scopes,
    bool NamesItself,
    bool TakesBasic);

/// <summary>What we are at an authorization server.</summary>
/// <param name="Id">The client id.</param>
/// <param name="Secret">Its secret; null for a public client.</param>
/// <param name="UsesBasic">Whether the secret goes into an Authorization header, and not into the form.</param>
internal sealed record OAuthClient(string Id, string? Secret, bool UsesBasic);

/// <summary>What a user's sign-in gave, with all that a refresh takes.</summary>
internal sealed record TokenSet(
    string AccessToken, string? RefreshToken, Uri TokenEndpoint, OAuthClient Client, string Resource, DateTimeOffset? ExpiresAt, string? Scope);

/// <summary>A sign-in under way.</summary>
/// <param name="State">Comes back with the browser.</param>
/// <param name="Verifier">Proves that the code is ours (RFC 7636).</param>
/// <param name="RedirectUri">Where the browser comes back to.</param>
/// <param name="Server">Where it signs in.</param>
/// <param name="Client">What we are there.</param>
/// <param name="Scopes">What is asked for.</param>
/// <param name="Account">Whose sign-in it is, as the person is told.</param>
internal sealed record PendingSignIn(
    string State, string Verifier, string RedirectUri, AuthorizationServer Server, OAuthClient Client, IReadOnlyList<string> Scopes, string Account);

namespace JanServer.McpTools.External.SignIn;

/// <summary>The access tokens of one user at one server.</summary>
internal interface IAccessTokens
{
    /// <summary>A token that is good as far as we know, refreshed when need be.</summary>
    /// <param name="refused">The token that the server just refused; another one is wanted.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="SignInRequiredException">The user has not signed in, or must do so again.</exception>
    ValueTask<string> GetAsync(string? refused, CancellationToken ct);
}

/// <summary>The user must sign in to the server first.</summary>
internal sealed class SignInRequiredException() : Exception("The user has to sign in to the server.");

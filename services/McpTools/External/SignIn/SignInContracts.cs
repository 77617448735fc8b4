using Microsoft.AspNetCore.Mvc;

namespace JanServer.McpTools.External.SignIn;

/// <summary>A sign-in that its user is to go on with in a browser.</summary>
/// <param name="ServerId">The server.</param>
/// <param name="Url">The link to open. It works once.</param>
/// <param name="ExpiresAt">Until when it works, in Unix seconds.</param>
public sealed record SignInStarted(string ServerId, string Url, long ExpiresAt)
{
    /// <summary>Always <c>mcp.server.sign_in</c>.</summary>
    public string Object => "mcp.server.sign_in";
}

/// <summary>Whether the caller has signed in to a server.</summary>
/// <param name="ServerId">The server.</param>
/// <param name="Authorized">Whether there are tokens. They may be refused all the same.</param>
public sealed record AuthorizationState(string ServerId, bool Authorized)
{
    /// <summary>Always <c>mcp.server.authorization</c>.</summary>
    public string Object => "mcp.server.authorization";
}

/// <summary>What an authorization server sends back with the browser: RFC 6749 section 4.1.2 and RFC 9207.</summary>
public sealed record SignInCallback
{
    /// <summary>The code that becomes tokens.</summary>
    [FromQuery(Name = "code")]
    public string? Code { get; init; }

    /// <summary>Which sign-in it is.</summary>
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    /// <summary>Who answers.</summary>
    [FromQuery(Name = "iss")]
    public string? Iss { get; init; }

    /// <summary>Why there is no code.</summary>
    [FromQuery(Name = "error")]
    public string? Error { get; init; }
}

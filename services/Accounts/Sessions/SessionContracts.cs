using System.Text.Json;

namespace JanServer.Accounts.Sessions;

/// <summary>A new guest and its tokens.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="Username">The name that the identity provider knows the guest by.</param>
/// <param name="PrincipalId">The identity provider's <c>sub</c>.</param>
/// <param name="AccessToken">The access token.</param>
/// <param name="RefreshToken">The refresh token.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">How long the access token lives, in seconds.</param>
public sealed record GuestSession(
    string UserId,
    string Username,
    string PrincipalId,
    string AccessToken,
    string? RefreshToken,
    string TokenType,
    int ExpiresIn);

/// <summary>Carries a refresh token.</summary>
/// <param name="RefreshToken">The refresh token.</param>
public sealed record RefreshTokenBody(string? RefreshToken);

/// <summary>New tokens for a refresh token, which is used up with that.</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="RefreshToken">The next refresh token.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">How long the access token lives, in seconds.</param>
/// <param name="ExpiresAt">When the access token ends.</param>
public sealed record RefreshedTokens(string AccessToken, string? RefreshToken, string TokenType, int ExpiresIn, DateTimeOffset ExpiresAt);

/// <summary>The answer to every logout.</summary>
/// <param name="Status">Always <c>logged out</c>.</param>
public sealed record LoggedOut(string Status);

/// <summary>The identity provider accepts the token.</summary>
/// <param name="Valid">Always true; a token that is not valid is a 401.</param>
/// <param name="UserInfo">What the provider's userinfo endpoint says.</param>
public sealed record ValidToken(bool Valid, JsonElement UserInfo);

/// <summary>The answer to a revocation.</summary>
/// <param name="Message">For a person.</param>
public sealed record Revoked(string Message);

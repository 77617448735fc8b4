using System.Text.Json;

namespace JanServer.Accounts.Sessions;

/// <summary>The places where a client may put its refresh token. Absent, blank and unreadable are the same in each of them.</summary>
internal static class RefreshTokens
{
    private const string CookieName = "refresh_token";
    private const string BearerPrefix = "Bearer ";

    /// <summary>The token of the JSON body.</summary>
    public static async Task<string?> FromBodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasJsonContentType())
        {
            return null;
        }

        try
        {
            return NotBlank((await request.ReadFromJsonAsync(AccountsApiJson.Default.RefreshTokenBody, ct))?.RefreshToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The token of the cookie.</summary>
    public static string? FromCookie(HttpRequest request) => NotBlank(request.Cookies[CookieName]);

    /// <summary>The token of the Authorization header.</summary>
    public static string? FromAuthorization(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? NotBlank(header[BearerPrefix.Length..])
            : null;

    /// <summary>Hands the next token to a client that keeps its token in the cookie.</summary>
    public static void SetCookie(HttpContext context, string token) => context.Response.Cookies.Append(CookieName, token, Options(context));

    /// <summary>Takes the cookie away.</summary>
    public static void ExpireCookie(HttpContext context) => context.Response.Cookies.Delete(CookieName, Options(context));

    private static CookieOptions Options(HttpContext context) => new()
    {
        Path = "/",
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = GatewayHeaders.IsHttps(context),
    };

    private static string? NotBlank(string? token) => token?.Trim() is { Length: > 0 } trimmed ? trimmed : null;
}

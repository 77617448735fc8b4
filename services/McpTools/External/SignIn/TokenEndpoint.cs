using System.Text;
using System.Text.Json;
using JanServer.McpTools.External.Servers;
using JanServer.ServiceDefaults.Outbound;

namespace JanServer.McpTools.External.SignIn;

/// <summary>Gets tokens for codes and for refresh tokens: RFC 6749, with PKCE (RFC 7636) and resource indicators (RFC 8707).</summary>
internal sealed class TokenEndpoint(ServerAddresses addresses, TimeProvider clock)
{
    private const int MaxBytes = 256 << 10;

    /// <summary>Tokens for a code; null when the authorization server gives none.</summary>
    public async Task<TokenSet?> ExchangeAsync(ExternalServer server, PendingSignIn signIn, string code, CancellationToken ct)
    {
        var (answer, _) = await AskAsync(
            addresses.ClientFor(server),
            signIn.Server.TokenEndpoint,
            signIn.Client,
            [
                new("grant_type", "authorization_code"),
                new("code", code),
                new("redirect_uri", signIn.RedirectUri),
                new("code_verifier", signIn.Verifier),
                new("resource", signIn.Server.Resource),
            ],
            ct);
        return answer is null ? null : new(
            answer.AccessToken!, answer.RefreshToken, signIn.Server.TokenEndpoint, signIn.Client, signIn.Server.Resource, ExpiryOf(answer), answer.Scope);
    }

    /// <summary>New tokens for old ones.</summary>
    /// <returns>The tokens; or none, and whether that is final: the user has to sign in again.</returns>
    public async Task<(TokenSet? Tokens, bool IsFinal)> RefreshAsync(ExternalServer server, TokenSet old, CancellationToken ct)
    {
        if (old.RefreshToken is null)
        {
            return (null, true);
        }

        var (answer, isFinal) = await AskAsync(
            addresses.ClientFor(server),
            old.TokenEndpoint,
            old.Client,
            [new("grant_type", "refresh_token"), new("refresh_token", old.RefreshToken), new("resource", old.Resource)],
            ct);
        return answer is null
            ? (null, isFinal)
            : (old with
            {
                AccessToken = answer.AccessToken!,
                RefreshToken = answer.RefreshToken ?? old.RefreshToken,
                ExpiresAt = ExpiryOf(answer),
                Scope = answer.Scope ?? old.Scope,
            }, false);
    }

    private static async Task<(TokenAnswer? Answer, bool IsFinal)> AskAsync(
        OutboundClient http, Uri endpoint, OAuthClient client, List<KeyValuePair<string, string>> form, CancellationToken ct)
    {
        List<KeyValuePair<string, string>> headers = [new("Accept", "application/json")];
        if (client is { UsesBasic: true, Secret: { } secret })
        {
            // RFC 6749 section 2.3.1: both are form-encoded first.
            var pair = $"{Uri.EscapeDataString(client.Id)}:{Uri.EscapeDataString(secret)}";
            headers.Add(new("Authorization", $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(pair))}"));
        }
        else
        {
            form.Add(new("client_id", client.Id));
            if (client.Secret is not null)
            {
                form.Add(new("client_secret", client.Secret));
            }
        }

        using var content = new FormUrlEncodedContent(form);
        var result = await http.SendAsync(
            new(endpoint)
            {
                Method = HttpMethod.Post,
                Headers = headers,
                Body = await content.ReadAsByteArrayAsync(ct),
                ContentType = "application/x-www-form-urlencoded",
                MaxBytes = MaxBytes,
            },
            ct);
        if (!result.HasResponse || Read(result.Response.Body) is not { } answer)
        {
            return (null, false);
        }

        return result.Response.IsSuccess && IsUsable(answer)
            ? (answer, false)
            : (null, answer.Error is "invalid_grant" or "invalid_client" or "unauthorized_client");
    }

    // The token goes into a header.
    private static bool IsUsable(TokenAnswer answer) =>
        answer is { AccessToken.Length: > 0 and <= 16_384 }
        && answer.AccessToken.All(c => c is > ' ' and < '\u007f')
        && (answer.TokenType is null || answer.TokenType.Equals("Bearer", StringComparison.OrdinalIgnoreCase));

    private DateTimeOffset? ExpiryOf(TokenAnswer answer) =>
        answer.ExpiresIn is { } seconds and > 0 and < 315_360_000 ? clock.GetUtcNow() + TimeSpan.FromSeconds(seconds) : null;

    private static TokenAnswer? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, ExternalJson.Default.TokenAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

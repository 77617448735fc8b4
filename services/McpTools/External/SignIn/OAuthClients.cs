using System.Text.Json;
using JanServer.Data.Statements;
using JanServer.McpTools.External.Secrets;
using JanServer.McpTools.External.Servers;
using JanServer.ServiceDefaults.Errors;

namespace JanServer.McpTools.External.SignIn;

/// <summary>What we are at authorization servers: a configured client, or one that is registered once (RFC 7591) and kept.</summary>
internal sealed class OAuthClients(McpToolsContext db, SecretReader secrets, SecretBox box, ServerAddresses addresses)
{
    /// <summary>What <see cref="SecretBox"/> knows it by.</summary>
    public const string Kind = "client";
    private const int MaxBytes = 64 << 10;

    public async Task<(OAuthClient? Client, ApiError? Error)> FindAsync(
        ExternalServer server, AuthorizationServer at, string redirectUri, CancellationToken ct)
    {
        if (server.ClientId is { } id)
        {
            return secrets.Of(server) is { } known
                ? (new(id, known.ClientSecret, known.ClientSecret is not null && at.TakesBasic), null)
                : (null, ApiError.Unavailable("The client secret of the server cannot be read; set it anew."));
        }

        return await StoredAsync(server, at, redirectUri, ct) is { } stored ? (stored, null) : await RegisterAsync(server, at, redirectUri, ct);
    }

    private async Task<(OAuthClient? Client, ApiError? Error)> RegisterAsync(
        ExternalServer server, AuthorizationServer at, string redirectUri, CancellationToken ct)
    {
        if (at.RegistrationEndpoint is null)
        {
            return (null, ApiError.Invalid("oauth.client_id", "The authorization server registers no clients; register one there and set its id."));
        }

        var registration = new RegisterClient("JanServer", [redirectUri], ["authorization_code", "refresh_token"], ["code"], "none");
        var result = await addresses.ClientFor(server).SendAsync(
            new(at.RegistrationEndpoint)
            {
                Method = HttpMethod.Post,
                Headers = [new("Accept", "application/json")],
                Body = JsonSerializer.SerializeToUtf8Bytes(registration, ExternalJson.Default.RegisterClient),
                ContentType = "application/json",
                MaxBytes = MaxBytes,
            },
            ct);
        if (!result.HasResponse || !result.Response.IsSuccess || Read(result.Response.Body) is not { ClientId.Length: > 0 } answer)
        {
            return (null, ApiError.Upstream("The authorization server did not register us as its client."));
        }

        var usesBasic = answer is { ClientSecret: not null, TokenEndpointAuthMethod: "client_secret_basic" };
        var client = new OAuthClient(answer.ClientId, answer.ClientSecret, usesBasic);
        await StoreAsync(server, at, redirectUri, client, ct);

        // Of two that register at once the first is kept; the other client is never used.
        return (await StoredAsync(server, at, redirectUri, ct) ?? client, null);
    }

    private async Task<OAuthClient?> StoredAsync(ExternalServer server, AuthorizationServer at, string redirectUri, CancellationToken ct)
    {
        var connection = await db.OpenAsync(ct);
        var kept = await connection.FirstOrDefaultAsync(
            $"SELECT client, key_id FROM external_oauth_clients WHERE server_id = {server.Id} AND issuer = {at.Issuer} AND redirect_uri = {redirectUri}",
            reader => new Sealed(reader.GetFieldValue<byte[]>(0), reader.GetString(1)),
            ct);
        return kept is null ? null : box.Open(kept, ExternalJson.Default.OAuthClient, Kind, server.Id.Value);
    }

    private async Task StoreAsync(ExternalServer server, AuthorizationServer at, string redirectUri, OAuthClient client, CancellationToken ct)
    {
        var kept = box.Seal(client, ExternalJson.Default.OAuthClient, Kind, server.Id.Value);
        var connection = await db.OpenAsync(ct);
        await connection.ExecuteAsync(
            $"""
            INSERT INTO external_oauth_clients (server_id, issuer, redirect_uri, client, key_id, created_at)
            SELECT id, {at.Issuer}, {redirectUri}, {kept.Blob}, {kept.KeyId}, now() FROM external_servers WHERE id = {server.Id}
            ON CONFLICT DO NOTHING
            """,
            ct);
    }

    private static RegisteredClient? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, ExternalJson.Default.RegisteredClient);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

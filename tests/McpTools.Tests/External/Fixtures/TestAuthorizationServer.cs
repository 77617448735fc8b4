using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JanServer.McpTools.Tests.External.Fixtures;

/// <summary>
/// An OAuth 2.1 authorization server on the loopback that is as strict as the RFCs let it be: registration (7591), PKCE with S256 (7636),
/// resource indicators (8707), <c>iss</c> (9207), one-time codes, and refresh tokens that rotate. Whoever comes is signed in.
/// </summary>
public sealed class TestAuthorizationServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _redirects = new();
    private readonly ConcurrentDictionary<string, (string Client, string Redirect, string Challenge, string Resource)> _codes = new();
    private readonly ConcurrentDictionary<string, string> _refreshTokens = new();
    private readonly ConcurrentDictionary<string, bool> _accessTokens = new();
    private int _refreshes;

    private TestAuthorizationServer(WebApplication app) => _app = app;

    public string Issuer => $"http://localhost:{new Uri(_app.Urls.First()).Port}/tenant";

    /// <summary>How often tokens were refreshed.</summary>
    public int Refreshes => Volatile.Read(ref _refreshes);

    /// <summary>How many clients registered.</summary>
    public int Clients => _redirects.Count;

    /// <summary>How long access tokens live, in seconds.</summary>
    public int Lifetime { get; set; } = 3600;

    /// <summary>Leaves PKCE out of its metadata.</summary>
    public bool HasNoPkce { get; set; }

    /// <summary>Tells another name in its answers.</summary>
    public string? FalseName { get; set; }

    /// <summary>Makes it known that a client with a secret exists.</summary>
    public (string Id, string Secret)? Confidential { get; set; }

    /// <summary>Held before a refresh is answered.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public static async Task<TestAuthorizationServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new TestAuthorizationServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Has an MCP server ask for the tokens of this one.</summary>
    public void Protect(TestMcpServer server) => server.Before = async context =>
    {
        if (context.Request.Path == "/.well-known/oauth-protected-resource/mcp")
        {
            await AnswerAsync(context, new JsonObject
            {
                ["resource"] = server.Url,
                ["authorization_servers"] = new JsonArray(Issuer),
                ["scopes_supported"] = new JsonArray("tools", "more"),
            });
            return true;
        }

        if (Accepts(context.Request.Headers.Authorization.ToString()))
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"invalid_token\", resource_metadata=\"{server.Origin}/.well-known/oauth-protected-resource/mcp\", scope=\"tools\"";
        return true;
    };

    /// <summary>No access token is good any more.</summary>
    public void ExpireAccessTokens() => _accessTokens.Clear();

    /// <summary>No refresh token is good any more.</summary>
    public void RevokeRefreshTokens() => _refreshTokens.Clear();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private bool Accepts(string authorization) =>
        authorization.StartsWith("Bearer ", StringComparison.Ordinal) && _accessTokens.ContainsKey(authorization["Bearer ".Length..]);

    private Task HandleAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/.well-known/oauth-authorization-server/tenant" => AnswerAsync(context, Metadata()),
        "/tenant/register" => RegisterAsync(context),
        "/tenant/authorize" => AuthorizeAsync(context),
        "/tenant/token" => TokenAsync(context),
        _ => RefuseAsync(context, "not_found", StatusCodes.Status404NotFound),
    };

    private JsonObject Metadata() => new()
    {
        ["issuer"] = Issuer,
        ["authorization_endpoint"] = Issuer + "/authorize",
        ["token_endpoint"] = Issuer + "/token",
        ["registration_endpoint"] = Issuer + "/register",
        ["response_types_supported"] = new JsonArray("code"),
        ["code_challenge_methods_supported"] = HasNoPkce ? new JsonArray("plain") : new JsonArray("S256"),
        ["authorization_response_iss_parameter_supported"] = true,
    };

    private async Task RegisterAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        var redirect = request["redirect_uris"]![0]!.GetValue<string>();
        if (request["token_endpoint_auth_method"]!.GetValue<string>() != "none" || !request["grant_types"]!.AsArray().Any(one => one!.GetValue<string>() == "refresh_token"))
        {
            await RefuseAsync(context, "invalid_client_metadata");
            return;
        }

        var id = $"client-{Guid.CreateVersion7():N}";
        _redirects[id] = redirect;
        context.Response.StatusCode = StatusCodes.Status201Created;
        await AnswerAsync(context, new JsonObject { ["client_id"] = id, ["token_endpoint_auth_method"] = "none" });
    }

    private async Task AuthorizeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (client, redirect) = (query["client_id"].ToString(), query["redirect_uri"].ToString());
        var isKnown = (_redirects.TryGetValue(client, out var registered) && registered == redirect) || client == Confidential?.Id;
        if (!isKnown || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || query["code_challenge"].ToString().Length != 43
            || query["resource"].ToString().Length == 0 || query["scope"] != "tools")
        {
            await RefuseAsync(context, "invalid_request");
            return;
        }

        var code = $"code-{Guid.CreateVersion7():N}";
        _codes[code] = (client, redirect, query["code_challenge"].ToString(), query["resource"].ToString());
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location =
            $"{redirect}?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}&iss={Uri.EscapeDataString(FalseName ?? Issuer)}";
    }

    private async Task TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var client = form["client_id"].ToString();
        if (Confidential is { } known)
        {
            var expected = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{known.Id}:{known.Secret}"));
            if (context.Request.Headers.Authorization != expected)
            {
                await RefuseAsync(context, "invalid_client", StatusCodes.Status401Unauthorized);
                return;
            }

            client = known.Id;
        }

        if (form["grant_type"] == "refresh_token")
        {
            if (Hold is { } hold)
            {
                await hold.Task;
            }

            Interlocked.Increment(ref _refreshes);
            await (_refreshTokens.TryRemove(form["refresh_token"].ToString(), out var owner) && owner == client
                ? GiveAsync(context, client)
                : RefuseAsync(context, "invalid_grant"));
            return;
        }

        var isGood = _codes.TryRemove(form["code"].ToString(), out var code)
            && code.Client == client
            && code.Redirect == form["redirect_uri"]
            && code.Resource == form["resource"]
            && code.Challenge == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        await (isGood ? GiveAsync(context, client) : RefuseAsync(context, "invalid_grant"));
    }

    private Task GiveAsync(HttpContext context, string client)
    {
        var (access, refresh) = ($"access-{Guid.CreateVersion7():N}", $"refresh-{Guid.CreateVersion7():N}");
        _accessTokens[access] = true;
        _refreshTokens[refresh] = client;
        return AnswerAsync(context, new JsonObject
        {
            ["access_token"] = access,
            ["token_type"] = "bearer",
            ["expires_in"] = Lifetime,
            ["refresh_token"] = refresh,
            ["scope"] = "tools",
        });
    }

    private static Task RefuseAsync(HttpContext context, string error, int status = StatusCodes.Status400BadRequest)
    {
        context.Response.StatusCode = status;
        return AnswerAsync(context, new JsonObject { ["error"] = error });
    }

    private static Task AnswerAsync(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString());
    }
}

using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using JanServer.Testing.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JanServer.Accounts.Tests.Fixtures;

/// <summary>A user of the stub.</summary>
public sealed record StubUser(string Id, string Username, string Email, JsonNode Representation)
{
    public string? Password { get; set; }

    public ConcurrentQueue<string> Roles { get; } = new();
}

/// <summary>
/// A server that speaks the part of Keycloak's wire format that accounts uses. Its users' access tokens are minted by the
/// process's <see cref="TestIssuer"/>, so that services accept them.
/// </summary>
public sealed class KeycloakStub : IAsyncDisposable
{
    public const string BackendSecret = "stub-backend-secret";
    public const string AdminPassword = "stub-admin-password";

    private const string OpenId = "/realms/jan/protocol/openid-connect/";
    private const string Admin = "/admin/realms/jan/";

    private readonly WebApplication _app;
    private readonly TestIssuer _issuer;
    private readonly ConcurrentDictionary<string, string> _refreshTokens = new();
    private readonly ConcurrentDictionary<string, bool> _adminTokens = new();
    private readonly ConcurrentDictionary<string, string> _accessTokens = new();

    private KeycloakStub(WebApplication app, TestIssuer issuer) => (_app, _issuer) = (app, issuer);

    public string BaseUrl => _app.Urls.First();

    public ConcurrentDictionary<string, StubUser> Users { get; } = new();

    /// <summary>Method and path of every request, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Answers instead of the stub when it returns a status; the request has had its effect when that is negative.</summary>
    public Func<string, int?>? Interfere { get; set; }

    /// <summary>Runs before a request has any effect.</summary>
    public Func<string, HttpContext, Task>? Before { get; set; }

    /// <summary>Whether the service account of the client 'backend' has a role of realm-management.</summary>
    public bool ServiceAccountManagesUsers { get; set; } = true;

    public int CallsTo(string call) => Calls.Count(made => made == call);

    public static async Task<KeycloakStub> StartAsync()
    {
        var issuer = await TestIssuer.GetAsync();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var stub = new KeycloakStub(app, issuer);
        app.Run(stub.HandleAsync);
        await app.StartAsync();
        return stub;
    }

    /// <summary>Forgets every admin token, as a restart does.</summary>
    public void EndAdminSessions() => _adminTokens.Clear();

    public bool KnowsRefreshToken(string token) => _refreshTokens.ContainsKey(token);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var call = $"{context.Request.Method} {path}";
        Calls.Enqueue(call);
        if (Before is { } before)
        {
            await before(call, context);
        }

        var interference = Interfere?.Invoke(call);
        if (interference is > 0)
        {
            context.Response.StatusCode = interference.Value;
            return;
        }

        var (status, body, location) = path switch
        {
            "/realms/master/protocol/openid-connect/token" => AdminGrant(await context.Request.ReadFormAsync()),
            OpenId + "token" => Grant(await context.Request.ReadFormAsync()),
            OpenId + "logout" => LogOut(await context.Request.ReadFormAsync(), "refresh_token", StatusCodes.Status400BadRequest),
            OpenId + "revoke" => LogOut(await context.Request.ReadFormAsync(), "token", StatusCodes.Status200OK),
            OpenId + "userinfo" => UserInfo(context.Request),
            _ when path.StartsWith(Admin, StringComparison.Ordinal) => await AdminAsync(context.Request, path[Admin.Length..]),
            _ => (StatusCodes.Status404NotFound, null, null),
        };
        context.Response.StatusCode = interference is null ? status : -interference.Value;
        if (location is not null && interference is null)
        {
            context.Response.Headers.Location = location;
        }

        if (body is not null)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body.ToJsonString());
        }
    }

    private (int, JsonNode?, string?) AdminGrant(IFormCollection form) =>
        form["grant_type"] == "password" && form["client_id"] == "admin-cli" && form["username"] == "admin" && form["password"] == AdminPassword
            ? (200, AdminTokens("{}"), null)
            : (401, Error("invalid_grant"), null);

    private (int, JsonNode?, string?) Grant(IFormCollection form)
    {
        switch (form["grant_type"].ToString())
        {
            case "client_credentials":
                return form["client_id"] == "backend" && form["client_secret"] == BackendSecret
                    ? (200, AdminTokens(ServiceAccountManagesUsers ? """{"resource_access":{"realm-management":{"roles":["manage-users"]}}}""" : "{}"), null)
                    : (401, Error("unauthorized_client"), null);
            case "password" when form["client_id"] == "jan-client":
                var user = Users.Values.FirstOrDefault(user => user.Email == form["username"] && user.Password == form["password"]);
                return user is null ? (401, Error("invalid_grant"), null) : (200, UserTokens(user), null);
            case "refresh_token" when form["client_id"] == "jan-client":
                return _refreshTokens.TryRemove(form["refresh_token"].ToString(), out var id) && Users.TryGetValue(id, out var known)
                    ? (200, UserTokens(known), null)
                    : (400, Error("invalid_grant"), null);
            default:
                return (400, Error("unsupported_grant_type"), null);
        }
    }

    private (int, JsonNode?, string?) LogOut(IFormCollection form, string field, int otherwise) =>
        _refreshTokens.TryRemove(form[field].ToString(), out _) ? (StatusCodes.Status200OK, null, null) : (otherwise, null, null);

    private (int, JsonNode?, string?) UserInfo(HttpRequest request) =>
        _accessTokens.TryGetValue(Bearer(request), out var id) && Users.TryGetValue(id, out var user)
            ? (200, new JsonObject { ["sub"] = user.Id, ["email"] = user.Email }, null)
            : (401, Error("invalid_token"), null);

    private async Task<(int, JsonNode?, string?)> AdminAsync(HttpRequest request, string path)
    {
        if (!_adminTokens.ContainsKey(Bearer(request)))
        {
            return (401, Error("HTTP 401 Unauthorized"), null);
        }

        var body = request.ContentLength is not null || request.Headers.TransferEncoding.Count > 0 ? await JsonNode.ParseAsync(request.Body) : null;
        switch (request.Method, path.Split('/'))
        {
            case ("POST", ["users"]):
                var id = Guid.CreateVersion7().ToString();
                Users[id] = new(id, (string)body!["username"]!, (string)body["email"]!, body);
                return (201, null, $"{BaseUrl}{Admin}users/{id}");
            case ("GET", ["users"]):
                var found = Users.Values.Where(user => user.Email == request.Query["email"]);
                return (200, new JsonArray([.. found.Select(user => new JsonObject { ["id"] = user.Id, ["username"] = user.Email, ["email"] = user.Email })]), null);
            case ("GET", ["roles", "guest"]):
                return (200, new JsonObject { ["id"] = "role-guest", ["name"] = "guest", ["composite"] = false }, null);
            case ("POST", ["users", var given, "role-mappings", "realm"]) when Users.TryGetValue(given, out var user):
                user.Roles.Enqueue((string)body![0]!["name"]!);
                return (204, null, null);
            case ("PUT", ["users", var renewed, "reset-password"]) when Users.TryGetValue(renewed, out var user):
                user.Password = (string)body!["value"]!;
                return (204, null, null);
            case ("DELETE", ["users", var removed]):
                return (Users.TryRemove(removed, out _) ? 204 : 404, null, null);
            default:
                return (404, Error("not found"), null);
        }
    }

    private JsonObject AdminTokens(string claims)
    {
        var token = $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{Guid.CreateVersion7():N}";
        _adminTokens[token] = true;
        return new() { ["access_token"] = token, ["expires_in"] = 300, ["token_type"] = "Bearer" };
    }

    private JsonObject UserTokens(StubUser user)
    {
        var access = _issuer.Mint(new() { Subject = user.Id, Username = user.Username, Email = user.Email, RealmRoles = [.. user.Roles] });
        var refresh = Guid.CreateVersion7().ToString("N");
        _refreshTokens[refresh] = user.Id;
        _accessTokens[access] = user.Id;
        return new()
        {
            ["access_token"] = access,
            ["refresh_token"] = refresh,
            ["expires_in"] = 3600,
            ["refresh_expires_in"] = 1800,
            ["token_type"] = "Bearer",
            ["not-before-policy"] = 0,
            ["session_state"] = "s",
            ["scope"] = "openid",
        };
    }

    private static string Bearer(HttpRequest request) => request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);

    private static JsonObject Error(string code) => new() { ["error"] = code };
}

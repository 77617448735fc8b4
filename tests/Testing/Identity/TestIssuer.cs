using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JanServer.Testing.Identity;

/// <summary>An OIDC issuer on the loopback with Keycloak's paths: discovery, JWKS, and tokens of any kind, good and bad.</summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private static readonly Lazy<Task<TestIssuer>> Common = new(StartAsync);

    private readonly WebApplication _app;
    private readonly RSA _foreign = RSA.Create(2048);
    private List<(string Id, RSA Key)> _keys = [NewKey()];
    private int _jwksRequests;

    private TestIssuer(WebApplication app) => _app = app;

    /// <summary>The <c>iss</c> of its tokens: <c>http://127.0.0.1:port/realms/jan</c>.</summary>
    public string Issuer => _app.Urls.First() + "/realms/jan";

    /// <summary>Where its keys are.</summary>
    public string JwksUri => Issuer + "/protocol/openid-connect/certs";

    /// <summary>How often the keys were fetched.</summary>
    public int JwksRequests => Volatile.Read(ref _jwksRequests);

    /// <summary>While true, everything is answered 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>The issuer that tests of this process share; a test that rotates keys or takes it down starts its own.</summary>
    public static Task<TestIssuer> GetAsync() => Common.Value;

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = new TestIssuer(app);
        app.Run(issuer.HandleAsync);
        await app.StartAsync();
        return issuer;
    }

    /// <summary>Signs from now on with a new key.</summary>
    /// <param name="keepOld">Whether the old keys stay published.</param>
    public void RotateKey(bool keepOld = true) => _keys = keepOld ? [NewKey(), .. _keys] : [NewKey()];

    /// <summary>Makes a token.</summary>
    public string Mint(TestToken? token = null)
    {
        token ??= new TestToken();
        var (keyId, key) = _keys[0];
        var now = DateTimeOffset.UtcNow;
        var claims = new JsonObject
        {
            ["iss"] = token.Issuer ?? Issuer,
            ["sub"] = token.Subject,
            ["aud"] = token.Audiences.Count == 1 ? token.Audiences[0] : new JsonArray([.. token.Audiences.Select(audience => JsonValue.Create(audience))]),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + token.Lifetime).ToUnixTimeSeconds(),
            ["typ"] = "Bearer",
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["realm_access"] = new JsonObject { ["roles"] = new JsonArray([.. token.RealmRoles.Select(role => JsonValue.Create(role))]) },
            ["email_verified"] = token.EmailVerified,
        };
        Put(claims, "preferred_username", token.Username);
        Put(claims, "email", token.Email);
        foreach (var (name, value) in token.Claims)
        {
            claims[name] = value;
        }

        if (token.NotBefore is { } notBefore)
        {
            claims["nbf"] = (now + notBefore).ToUnixTimeSeconds();
        }

        var header = new JsonObject
        {
            ["alg"] = token.Signature switch { TokenSignature.None => "none", TokenSignature.Hs256WithPublicKey => "HS256", _ => "RS256" },
            ["typ"] = token.Type,
            ["kid"] = token.KeyId ?? keyId,
        };
        var text = $"{Encode(header)}.{Encode(claims)}";
        var bytes = Encoding.ASCII.GetBytes(text);
        var signature = token.Signature switch
        {
            TokenSignature.None => [],
            TokenSignature.Hs256WithPublicKey => HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()), bytes),
            TokenSignature.ForeignKey => Sign(_foreign, bytes),
            _ => Sign(key, bytes),
        };
        if (token.Signature == TokenSignature.Tampered)
        {
            claims["sub"] = Guid.CreateVersion7().ToString();
            text = $"{Encode(header)}.{Encode(claims)}";
        }

        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _foreign.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var json = context.Request.Path.Value switch
        {
            _ when IsDown => null,
            "/realms/jan/.well-known/openid-configuration" => new JsonObject
            {
                ["issuer"] = Issuer,
                ["jwks_uri"] = JwksUri,
                ["token_endpoint"] = Issuer + "/protocol/openid-connect/token",
                ["authorization_endpoint"] = Issuer + "/protocol/openid-connect/auth",
                ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            },
            "/realms/jan/protocol/openid-connect/certs" => Jwks(),
            _ => [],
        };
        context.Response.StatusCode = json switch
        {
            null => StatusCodes.Status503ServiceUnavailable,
            { Count: 0 } => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status200OK,
        };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json?.ToJsonString() ?? "{}");
    }

    private JsonObject Jwks()
    {
        Interlocked.Increment(ref _jwksRequests);
        return new JsonObject
        {
            ["keys"] = new JsonArray([.. _keys.Select(key =>
            {
                var parameters = key.Key.ExportParameters(includePrivateParameters: false);
                return new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["alg"] = "RS256",
                    ["kid"] = key.Id,
                    ["n"] = Base64Url.EncodeToString(parameters.Modulus),
                    ["e"] = Base64Url.EncodeToString(parameters.Exponent),
                };
            })]),
        };
    }

    private static (string, RSA) NewKey() => (Guid.CreateVersion7().ToString("N"), RSA.Create(2048));

    private static byte[] Sign(RSA key, byte[] bytes) => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}

using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JanServer.ServiceDefaults.Auth.Jwt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Auth.Jwt;

/// <summary>An issuer on a real Kestrel: discovery, keys, tokens; counts what it is asked.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    // Making one takes a core for a second; only what must differ gets its own.
    private static readonly RSA Shared = RSA.Create(2048);

    private readonly List<JsonObject> _keys = [];
    private TestHost? _host;
    private int _keyRequests;

    public RSA Key { get; private set; } = Shared;

    public string KeyId { get; private set; } = "first";

    public string Issuer => new Uri(_host!.Address, "realms/jan").ToString();

    public int KeyRequests => _keyRequests;

    /// <summary>What the issuer answers instead of its keys.</summary>
    public int? FailWith { get; set; }

    /// <summary>What the discovery document names as issuer instead of <see cref="Issuer"/>.</summary>
    public string? ClaimedIssuer { get; set; }

    /// <summary>Held while the keys are asked for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer();
        issuer._keys.Add(TestToken.Jwk(issuer.Key, issuer.KeyId, "RS256"));
        issuer._host = await TestHost.StartBareAsync(app =>
        {
            app.MapGet("/realms/jan/.well-known/openid-configuration", issuer.Discovery);
            app.MapGet("/realms/jan/certs", issuer.KeysAsync);
        });
        return issuer;
    }

    /// <summary>Publishes one more key.</summary>
    public void Publish(JsonObject key)
    {
        lock (_keys)
        {
            _keys.Add(key);
        }
    }

    /// <summary>Signs with a new key from now on, and publishes only that.</summary>
    public void Rotate(string id)
    {
        Key = RSA.Create(2048);
        KeyId = id;
        lock (_keys)
        {
            _keys.Clear();
            _keys.Add(TestToken.Jwk(Key, id, "RS256"));
        }
    }

    public JsonObject Header() => new() { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = KeyId };

    public JsonObject Claims() => new()
    {
        ["iss"] = Issuer,
        ["sub"] = "f1b7",
        ["aud"] = "account",
        ["exp"] = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds(),
        ["typ"] = "Bearer",
    };

    public string Sign(JsonObject? header = null, JsonObject? claims = null) => TestToken.Sign(
        header ?? Header(),
        claims ?? Claims(),
        TestToken.Rsa(Key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>Everything that validates this issuer's tokens; settings of <c>Auth</c> can be added.</summary>
    public ServiceProvider Relying(TimeProvider? clock = null, params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?> { ["Auth:Issuer"] = Issuer };
        foreach (var (key, value) in settings)
        {
            values[$"Auth:{key}"] = value;
        }

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddLogging();
        services.AddSingleton(clock ?? TimeProvider.System);
        services.AddJwtValidation();
        return services.BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    private IResult Discovery() => Results.Text(
        new JsonObject { ["issuer"] = ClaimedIssuer ?? Issuer, ["jwks_uri"] = Issuer + "/certs" }.ToJsonString(),
        "application/json");

    private async Task<IResult> KeysAsync()
    {
        Interlocked.Increment(ref _keyRequests);
        await Gate;
        lock (_keys)
        {
            return FailWith is { } status
                ? Results.StatusCode(status)
                : Results.Text(
                    new JsonObject { ["keys"] = new JsonArray([.. _keys.Select(key => key.DeepClone())]) }.ToJsonString(),
                    "application/json");
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JanServer.Identity.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.Identity.Tests.Keys;

public sealed class KeyRotationTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task After_a_rotation_tokens_of_the_old_key_still_verify_and_new_ones_have_the_new_key()
    {
        var user = await host.UserAsync();
        var before = (await host.SignInAsync(user)).GetProperty("access_token").GetString()!;
        using var admin = await host.AdminAsync();

        using var rotated = await admin.PostAsync("/admin/realms/jan/keys/rotate", null);

        var metadata = await IdentityHost.JsonAsync(rotated);
        var after = (await host.SignInAsync(user)).GetProperty("access_token").GetString()!;
        Assert.Equal(metadata.GetProperty("active").GetProperty("RS256").GetString(), KidOf(after));
        Assert.NotEqual(KidOf(before), KidOf(after));
        using var http = host.Client();
        var jwks = await http.GetFromJsonAsync<JsonElement>("/realms/jan/protocol/openid-connect/certs");
        Assert.True(Verifies(jwks, before));
        Assert.True(Verifies(jwks, after));
        using var bearer = IdentityHost.With(host.Client(), before);
        using var userinfo = await bearer.GetAsync("/realms/jan/protocol/openid-connect/userinfo");
        Assert.Equal(HttpStatusCode.OK, userinfo.StatusCode);
    }

    [Fact]
    public async Task Of_several_replicas_that_find_the_key_too_old_one_replaces_it()
    {
        await using var alone = new IdentityHost();
        await alone.InitializeAsync();
        var keys = alone.Services.GetRequiredService<KeyRing>();
        await alone.Database.ExecuteAsync("UPDATE signing_keys SET created_at = created_at - interval '91 days'");

        var replicas = Enumerable.Range(0, 4).Select(_ => keys.RotateAsync("jan", TimeSpan.FromDays(90), CancellationToken.None));
        var replaced = await Task.WhenAll(replicas);

        Assert.Single(replaced, made => made);
    }

    [Fact]
    public async Task A_key_whose_time_is_over_leaves_the_key_set_and_loses_its_private_half()
    {
        await using var alone = new IdentityHost();
        await alone.InitializeAsync();
        using var admin = await alone.AdminAsync();
        using var rotated = await admin.PostAsync("/admin/realms/jan/keys/rotate", null);
        await alone.Database.ExecuteAsync("UPDATE signing_keys SET retires_at = retires_at - interval '49 hours' WHERE state = 'passive'");

        await alone.RestartAsync();

        using var http = alone.Client();
        var jwks = await http.GetFromJsonAsync<JsonElement>("/realms/jan/protocol/openid-connect/certs");
        Assert.Equal(1, jwks.GetProperty("keys").GetArrayLength());
        Assert.Equal(
            1, await alone.Database.ScalarAsync<long>("SELECT count(*) FROM signing_keys WHERE state = 'retired' AND private_key IS NULL"));
    }

    [Fact]
    public async Task A_user_cannot_rotate_keys()
    {
        var token = (await host.SignInAsync(await host.UserAsync())).GetProperty("access_token").GetString()!;
        using var http = IdentityHost.With(host.Client(), token);

        using var answer = await http.PostAsync("/admin/realms/jan/keys/rotate", null);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static string KidOf(string token) => HeaderOf(token).GetProperty("kid").GetString()!;

    private static JsonElement HeaderOf(string token) =>
        JsonSerializer.Deserialize<JsonElement>(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0]));

    private static bool Verifies(JsonElement jwks, string token)
    {
        var key = jwks.GetProperty("keys").EnumerateArray().Single(row => row.GetProperty("kid").GetString() == KidOf(token));
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
            Exponent = System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
        });
        var signature = token.LastIndexOf('.');
        return rsa.VerifyData(
            Encoding.ASCII.GetBytes(token[..signature]),
            System.Buffers.Text.Base64Url.DecodeFromChars(token.AsSpan(signature + 1)),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1);
    }
}

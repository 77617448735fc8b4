using System.Net;
using System.Net.Http.Json;
using System.Text;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.Accounts.Tests.ApiKeys;

public sealed class ApiKeyGrantTests(AccountsService service) : IClassFixture<AccountsService>
{
    [Theory]
    [InlineData("name", "{}")]
    [InlineData("name", """{"name":null}""")]
    [InlineData("name", """{"name":"   "}""")]
    [InlineData("name", """{"name":"a\u0007b"}""")]
    [InlineData("expires_in", """{"name":"n","expires_in":-1}""")]
    [InlineData("expires_at", """{"name":"n","expires_at":"2020-01-01T00:00:00Z"}""")]
    [InlineData("expires_at", """{"name":"n","expires_in":60,"expires_at":"2099-01-01T00:00:00Z"}""")]
    [InlineData("scopes", """{"name":"n","scopes":[]}""")]
    [InlineData("scopes[1]", """{"name":"n","scopes":["all","everything"]}""")]
    [InlineData("models", """{"name":"n","models":[]}""")]
    [InlineData("models[0]", """{"name":"n","models":[" "]}""")]
    [InlineData("models[0]", """{"name":"n","models":["a\u0000"]}""")]
    [InlineData("models[0]", """{"name":"n","models":[null]}""")]
    [InlineData("scopes[0]", """{"name":"n","scopes":[null]}""")]
    public async Task A_bad_field_is_named(string param, string body)
    {
        using var client = service.ClientFor(await service.NewUserAsync());

        var error = await client.PostAsync("/auth/api-keys", Json(body)).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal(param, error.Text("param"));
    }

    [Theory]
    [InlineData("x", 128, HttpStatusCode.Created)]
    [InlineData("x", 129, HttpStatusCode.BadRequest)]
    [InlineData("é", 128, HttpStatusCode.Created)]
    [InlineData("😀", 128, HttpStatusCode.Created)]
    [InlineData("😀", 129, HttpStatusCode.BadRequest)]
    public async Task A_name_has_at_most_128_characters(string character, int length, HttpStatusCode status)
    {
        using var client = service.ClientFor(await service.NewUserAsync());
        var name = string.Concat(Enumerable.Repeat(character, length));

        await client.PostAsJsonAsync("/auth/api-keys", new { name }).JsonAsync(status);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("", """{"name":"n","expires_in":"soon"}""")]
    [InlineData("", """{"name":"n","name":"m"}""")]
    public async Task A_body_that_does_not_fit_is_a_400(string _, string body)
    {
        using var client = service.ClientFor(await service.NewUserAsync());

        var error = await client.PostAsync("/auth/api-keys", Json(body)).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal("invalid_json", error.Text("code"));
    }

    [Theory]
    [InlineData("""{"name":"n"}""", 2160 * 3600)]
    [InlineData("""{"name":"n","expires_in":0}""", 2160 * 3600)]
    [InlineData("""{"name":"n","expires_in":3600}""", 3600)]
    [InlineData("""{"name":"n","expires_in":999999999999}""", 2160 * 3600)]
    [InlineData("""{"name":"n","expires_in":3600000000000}""", 3600)]
    [InlineData("""{"name":"n","expires_in":9223372036854775807}""", 2160 * 3600)]
    [InlineData("""{"name":"n","expires_at":"9999-12-31T23:59:59Z"}""", 2160 * 3600)]
    public async Task A_lifetime_is_seconds_or_nanoseconds_within_the_maximum(string body, long seconds)
    {
        using var client = service.ClientFor(await service.NewUserAsync());

        var key = await client.PostAsync("/auth/api-keys", Json(body)).JsonAsync(HttpStatusCode.Created);

        Assert.Equal(service.Clock.GetUtcNow().AddSeconds(seconds), key.GetProperty("expires_at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task An_end_in_another_time_zone_is_the_same_instant()
    {
        using var client = service.ClientFor(await service.NewUserAsync());
        var end = service.Clock.GetUtcNow().AddDays(1).ToOffset(TimeSpan.FromHours(7));

        var key = await client.PostAsJsonAsync("/auth/api-keys", new { name = "n", expires_at = end }).JsonAsync(HttpStatusCode.Created);

        Assert.Equal(end, key.GetProperty("expires_at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_key_without_the_scope_manages_no_keys()
    {
        var user = await service.NewUserAsync();
        using var client = service.ClientFor(user.ByApiKey("inference", "models:read", "conversations"));

        await client.PostAsJsonAsync("/auth/api-keys", new { name = "n" }).ErrorAsync(HttpStatusCode.Forbidden);
        await client.GetAsync("/auth/api-keys").ErrorAsync(HttpStatusCode.Forbidden);
        await client.DeleteAsync("/auth/api-keys/key_x").ErrorAsync(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("inference")]
    [InlineData("all")]
    [InlineData("admin")]
    public async Task A_key_makes_no_key_with_a_scope_that_it_lacks(string scope)
    {
        var maker = await KeyCallerAsync(await service.NewUserAsync("admin"), new { name = "maker", scopes = new[] { "api_keys", "models:read" } });
        using var client = service.ClientFor(maker);

        var error = await client.PostAsJsonAsync("/auth/api-keys", new { name = "n", scopes = new[] { "api_keys", scope } })
            .ErrorAsync(HttpStatusCode.Forbidden);

        Assert.Equal("scopes[1]", error.Text("param"));
    }

    [Fact]
    public async Task A_revoked_key_that_a_gateway_still_believes_makes_no_key()
    {
        var user = await service.NewUserAsync();
        var key = await service.NewKeyAsync(user);
        using var owner = service.ClientFor(user);
        using var thief = service.ClientFor(AsKey(user, key));
        await owner.DeleteAsync($"/auth/api-keys/{key.Id}").JsonAsync(HttpStatusCode.NoContent);

        await thief.PostAsJsonAsync("/auth/api-keys", new { name = "n" }).ErrorAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Only_an_administrator_makes_a_key_that_administers()
    {
        using var user = service.ClientFor(await service.NewUserAsync("user"));
        using var admin = service.ClientFor(await service.NewUserAsync("admin"));
        var body = new { name = "n", scopes = new[] { "admin" } };

        await user.PostAsJsonAsync("/auth/api-keys", body).ErrorAsync(HttpStatusCode.Forbidden);
        await admin.PostAsJsonAsync("/auth/api-keys", body).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_key_that_a_key_makes_reaches_no_further_than_its_maker()
    {
        var user = await service.NewUserAsync();
        var made = await service.NewKeyAsync(
            user, new { name = "maker", scopes = new[] { "api_keys", "inference" }, models = new[] { "m1", "m2" }, expires_in = 600 });
        var maker = AsKey(user, made);
        using var client = service.ClientFor(maker);

        var child = await service.NewKeyAsync(maker, new { name = "child", expires_in = 86_400 });
        var error = await client.PostAsJsonAsync("/auth/api-keys", new { name = "n", models = new[] { "m1", "m3" } })
            .ErrorAsync(HttpStatusCode.Forbidden);

        Assert.Equal(["api_keys", "inference"], child.Scopes);
        Assert.Equal(["m1", "m2"], child.Models);
        Assert.Equal(made.ExpiresAt, child.ExpiresAt, TimeSpan.FromMilliseconds(1));
        Assert.Equal("models[1]", error.Text("param"));
        Assert.Equal(made.Id, new Id<ApiKeyRef>(await service.Database.ScalarAsync<Guid>(
            $"SELECT created_by_key FROM api_keys WHERE id = '{Id<ApiKeyRef>.Parse(child.Id).Value}'")).ToString());
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private async Task<Caller> KeyCallerAsync(Caller user, object body) => AsKey(user, await service.NewKeyAsync(user, body));

    private static Caller AsKey(Caller user, JanServer.Accounts.ApiKeys.ApiKeyResource key) =>
        user.ByApiKey([.. key.Scopes]) with { ApiKeyId = Id<ApiKeyRef>.Parse(key.Id), Models = key.Models };
}

using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using JanServer.Accounts.Tests.Fixtures;
using JanServer.ServiceDefaults.Auth;

namespace JanServer.Accounts.Tests.ApiKeys;

public sealed class ApiKeyTests(AccountsService service) : IClassFixture<AccountsService>
{
    [Fact]
    public async Task A_new_key_is_shown_once()
    {
        using var client = service.ClientFor(await service.NewUserAsync());

        var made = await client.PostAsJsonAsync("/auth/api-keys", new { name = "  laptop " }).JsonAsync(HttpStatusCode.Created);

        Assert.Matches("^sk_live_[0-9a-f]{48}$", made.Text("key"));
        Assert.Equal(("laptop", "sk_live", "active"), (made.Text("name"), made.Text("prefix"), made.Text("status")));
        Assert.Equal(made.Text("key")[^4..], made.Text("suffix"));
        Assert.Equal(service.Clock.GetUtcNow().AddHours(2160), made.GetProperty("expires_at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        var one = await client.GetAsync($"/auth/api-keys/{made.Text("id")}").JsonAsync();
        var listed = Assert.Single((await client.GetAsync("/auth/api-keys").JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(one.GetRawText(), listed.GetRawText());
        Assert.False(one.TryGetProperty("key", out _));
        Assert.False(one.TryGetProperty("hash", out _));
    }

    [Fact]
    public async Task Nothing_but_the_hash_is_stored()
    {
        var key = await service.NewKeyAsync(await service.NewUserAsync());

        var stored = await service.Database.ScalarAsync<string>($"SELECT to_jsonb(k)::text FROM api_keys k WHERE suffix = '{key.Suffix}' AND name = 'test'");
        var audited = await service.Database.ScalarAsync<string>("SELECT jsonb_agg(a)::text FROM audit_log a");

        Assert.DoesNotContain(key.Key![8..], stored, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Key[8..], audited, StringComparison.Ordinal);
        Assert.Contains(HashOf(key.Key), stored, StringComparison.Ordinal);
        Assert.DoesNotContain(HashOf(key.Key), audited, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_speaks_for_its_user()
    {
        var user = await service.NewUserAsync("admin");
        var key = await service.NewKeyAsync(user, new { name = "n", scopes = new[] { "models:read", "inference" }, models = new[] { "m1" } });

        var principal = await VerifyAsync(key.Key!);

        Assert.NotNull(principal);
        Assert.Equal((user.UserId, user.OrganizationId, user.ProjectId), (principal.UserId, principal.OrganizationId, principal.ProjectId));
        Assert.Equal((key.Id, user.Subject, user.Username), (principal.ApiKeyId.ToString(), principal.Subject, principal.Username));
        Assert.Equal(["inference", "models:read"], principal.Scopes);
        Assert.Equal(["m1"], principal.Models);
        Assert.Equal(["admin"], principal.Roles);
        Assert.Equal(key.ExpiresAt, principal.ExpiresAt!.Value, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_key_loses_a_role_with_its_users_next_token()
    {
        var token = AccountsService.Token("admin");
        var user = Caller.From(await service.ResolveAsync(token), AuthMethod.Jwt);
        var key = await service.NewKeyAsync(user, new { name = "n", scopes = new[] { "all", "admin" } });

        await service.ResolveAsync(token with { Roles = ["user"] });

        Assert.Equal(["user"], (await VerifyAsync(key.Key!))!.Roles);
    }

    [Fact]
    public async Task A_key_of_a_disabled_user_is_not_good()
    {
        var user = await service.NewUserAsync();
        var key = await service.NewKeyAsync(user);

        await service.Database.ExecuteAsync($"UPDATE users SET disabled_at = now() WHERE id = '{user.UserId.Value}'");

        Assert.Null(await VerifyAsync(key.Key!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not hex")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task An_unknown_hash_is_no_principal(string hash) =>
        Assert.Null(await service.Accounts().VerifyApiKeyAsync(hash, CancellationToken.None));

    [Fact]
    public async Task A_revoked_key_is_not_good_and_the_first_revocation_counts()
    {
        var user = await service.NewUserAsync();
        var key = await service.NewKeyAsync(user);
        using var client = service.ClientFor(user);
        service.Clock.Advance(TimeSpan.FromMilliseconds(1));

        await client.DeleteAsync($"/auth/api-keys/{key.Id}").JsonAsync(HttpStatusCode.NoContent);
        var first = await client.GetAsync($"/auth/api-keys/{key.Id}").JsonAsync();
        await service.Database.ExecuteAsync("UPDATE api_keys SET revoked_at = revoked_at - interval '1 day' WHERE revoked_at IS NOT NULL");
        await client.DeleteAsync($"/auth/api-keys/{key.Id}").JsonAsync(HttpStatusCode.NoContent);
        var second = await client.GetAsync($"/auth/api-keys/{key.Id}").JsonAsync();

        Assert.Null(await VerifyAsync(key.Key!));
        Assert.Equal("revoked", first.Text("status"));
        Assert.Equal(
            first.GetProperty("revoked_at").GetDateTimeOffset().AddDays(-1),
            second.GetProperty("revoked_at").GetDateTimeOffset());
        Assert.Equal(["api_key.created", "api_key.revoked"], await service.Database.ScalarAsync<string[]>(
            $"SELECT array_agg(action ORDER BY id) FROM audit_log WHERE user_id = '{user.UserId.Value}' AND request_id LIKE 'req_%'"));
    }

    [Fact]
    public async Task A_foreign_key_is_a_404_like_a_missing_one()
    {
        var key = await service.NewKeyAsync(await service.NewUserAsync());
        using var stranger = service.ClientFor(await service.NewUserAsync());

        var foreign = await stranger.GetAsync($"/auth/api-keys/{key.Id}").ErrorAsync(HttpStatusCode.NotFound);
        var missing = await stranger.GetAsync("/auth/api-keys/key_none").ErrorAsync(HttpStatusCode.NotFound);
        await stranger.DeleteAsync($"/auth/api-keys/{key.Id}").ErrorAsync(HttpStatusCode.NotFound);
        await stranger.DeleteAsync("/auth/api-keys/null").ErrorAsync(HttpStatusCode.NotFound);

        Assert.Equal(missing.GetRawText(), foreign.GetRawText());
        Assert.NotNull(await VerifyAsync(key.Key!));
        Assert.Empty((await stranger.GetAsync("/auth/api-keys").JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task No_more_keys_than_the_limit_are_made_however_many_ask_at_once()
    {
        var user = await service.NewUserAsync();
        using var client = service.ClientFor(user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.PostAsJsonAsync("/auth/api-keys", new { name = "n" })));

        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        Assert.Equal(11, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        Assert.Equal(5, await service.Database.ScalarAsync<long>($"SELECT count(*) FROM api_keys WHERE user_id = '{user.UserId.Value}'"));
        Assert.Equal(5, await service.Database.ScalarAsync<long>($"SELECT count(*) FROM audit_log WHERE user_id = '{user.UserId.Value}'"));
    }

    [Fact]
    public async Task A_revoked_key_makes_room_for_another()
    {
        var user = await service.NewUserAsync();
        using var client = service.ClientFor(user);
        var keys = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => service.NewKeyAsync(user)));

        await client.DeleteAsync($"/auth/api-keys/{keys[2].Id}").JsonAsync(HttpStatusCode.NoContent);

        await service.NewKeyAsync(user);
    }

    [Fact]
    public async Task A_list_is_paged_newest_first()
    {
        var user = await service.NewUserAsync();
        using var client = service.ClientFor(user);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            service.Clock.Advance(TimeSpan.FromMilliseconds(1));
            ids.Add((await service.NewKeyAsync(user)).Id);
        }

        var first = await client.GetAsync("/auth/api-keys?limit=2").JsonAsync();
        var second = await client.GetAsync($"/auth/api-keys?limit=2&after={first.Text("last_id")}").JsonAsync();
        var oldestFirst = await client.GetAsync($"/auth/api-keys?order=asc&after={ids[0]}").JsonAsync();
        var error = await client.GetAsync("/auth/api-keys?after=nonsense").ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal([ids[2], ids[1]], IdsOf(first));
        Assert.True(first.GetProperty("has_more").GetBoolean());
        Assert.Equal([ids[0]], IdsOf(second));
        Assert.False(second.GetProperty("has_more").GetBoolean());
        Assert.Equal([ids[1], ids[2]], IdsOf(oldestFirst));
        Assert.Equal("after", error.Text("param"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("order=sideways", "order")]
    public async Task A_bad_page_is_named(string query, string param)
    {
        using var client = service.ClientFor(await service.NewUserAsync());

        var error = await client.GetAsync($"/auth/api-keys?{query}").ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal(param, error.Text("param"));
    }

    [Fact]
    public async Task Last_use_is_written_apart_from_the_request()
    {
        var user = await service.NewUserAsync();
        var key = await service.NewKeyAsync(user);
        using var client = service.ClientFor(user);
        await VerifyAsync(key.Key!);
        var before = await client.GetAsync($"/auth/api-keys/{key.Id}").JsonAsync();

        await service.WriteLastUseAsync();

        var after = await client.GetAsync($"/auth/api-keys/{key.Id}").JsonAsync();
        Assert.False(before.TryGetProperty("last_used_at", out _));
        Assert.Equal(service.Clock.GetUtcNow(), after.GetProperty("last_used_at").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
    }

    private static IEnumerable<string?> IdsOf(System.Text.Json.JsonElement list) =>
        list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString());

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public async Task A_key_is_found_without_its_secret_for_its_user_until_it_is_revoked()
    {
        var user = await service.NewUserAsync();
        var key = await service.NewKeyAsync(user, new { name = "narrow", scopes = new[] { "inference" } });
        var id = Contracts.Ids.Id<Contracts.Tenancy.ApiKeyRef>.Parse(key.Id);

        var found = (await service.Accounts().FindPrincipalAsync(new(user.UserId, id), CancellationToken.None))!;

        Assert.Equal((user.UserId, (Contracts.Ids.Id<Contracts.Tenancy.ApiKeyRef>?)id), (found.UserId, found.ApiKeyId));
        Assert.Equal(["inference"], found.Scopes);
        var other = await service.NewUserAsync();
        Assert.Null(await service.Accounts().FindPrincipalAsync(new(other.UserId, id), CancellationToken.None));

        using var client = service.ClientFor(user);
        await client.DeleteAsync($"/auth/api-keys/{key.Id}").JsonAsync(HttpStatusCode.NoContent);
        Assert.Null(await service.Accounts().FindPrincipalAsync(new(user.UserId, id), CancellationToken.None));
    }

    private Task<Contracts.Accounts.Principal?> VerifyAsync(string key) => service.Accounts().VerifyApiKeyAsync(HashOf(key), CancellationToken.None);
}

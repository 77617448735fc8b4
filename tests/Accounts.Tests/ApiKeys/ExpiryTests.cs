using System.Security.Cryptography;
using System.Text;
using JanServer.Accounts.Tests.Fixtures;

namespace JanServer.Accounts.Tests.ApiKeys;

/// <summary>Moves the clock further than other tests could bear.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public Task An_expired_key_is_not_good_and_makes_room() => AccountsService.AloneAsync(async service =>
    {
        var user = await service.NewUserAsync();
        var keys = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => service.NewKeyAsync(user, new { name = "n", expires_in = 60 })));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keys[0].Key!)));

        service.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.NotNull(await service.Accounts().VerifyApiKeyAsync(hash, CancellationToken.None));
        service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await service.Accounts().VerifyApiKeyAsync(hash, CancellationToken.None));
        var id = Contracts.Ids.Id<Contracts.Tenancy.ApiKeyRef>.Parse(keys[0].Id);
        Assert.Null(await service.Accounts().FindPrincipalAsync(new(user.UserId, id), CancellationToken.None));

        using var client = service.ClientFor(user);
        var expired = await client.GetAsync($"/auth/api-keys/{keys[0].Id}").JsonAsync();
        Assert.Equal("expired", expired.Text("status"));
        await service.NewKeyAsync(user);
    });

    [Fact]
    public Task What_is_not_written_yet_is_written_at_the_end() => AccountsService.AloneAsync(async service =>
    {
        var key = await service.NewKeyAsync(await service.NewUserAsync());
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.Key!)));
        await service.Accounts().VerifyApiKeyAsync(hash, CancellationToken.None);

        await service.StopUseAsync();

        Assert.Equal(1, await service.Database.ScalarAsync<long>("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL"));
    });
}

using JanServer.Identity.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.Identity.Tests.Retention;

public sealed class ExpiredRowsTests
{
    [Fact]
    public async Task What_has_expired_goes_in_batches_and_what_lives_stays()
    {
        await using var host = new IdentityHost();
        await host.InitializeAsync();
        var user = await host.UserAsync();
        var living = await host.SignInAsync(user);
        await host.Database.ExecuteAsync(
            $"""
            INSERT INTO sessions (id, realm, user_id, started_at, authenticated_at, last_access_at, expires_at)
            SELECT gen_random_uuid(), 'jan', '{user.Id}', now(), now(), now(), now() - interval '1 hour' 
            FROM generate_series(1, {ExpiredRows.BatchSize + 1});
            INSERT INTO sessions (id, realm, user_id, started_at, authenticated_at, last_access_at, expires_at)
            VALUES (gen_random_uuid(), 'jan', '{user.Id}', now(), now(), now() - interval '31 days', now() + interval '1 day');
            INSERT INTO refresh_tokens (id, token_hash, session_id, client_id, scope, created_at, expires_at)
            SELECT gen_random_uuid(), '\x01', id, 'jan-client', 'openid', now(), now() - interval '1 hour'
            FROM sessions WHERE id = '{living.GetProperty("session_state").GetGuid()}';
            INSERT INTO revoked_tokens VALUES (gen_random_uuid(), now() - interval '1 hour'), (gen_random_uuid(), now() + interval '1 hour')
            """);
        var rows = host.Services.GetRequiredService<ExpiredRows>();

        var removed = await rows.RemoveAsync(CancellationToken.None);
        var again = await rows.RemoveAsync(CancellationToken.None);

        Assert.Equal(ExpiredRows.BatchSize + 4, removed);
        Assert.Equal(0, again);
        Assert.Equal(1, await host.Database.ScalarAsync<long>($"SELECT count(*) FROM sessions WHERE user_id = '{user.Id}'"));
        Assert.Equal(1, await host.Database.ScalarAsync<long>("SELECT count(*) FROM revoked_tokens"));
        using var refreshed = await host.RefreshAsync(living.GetProperty("refresh_token").GetString()!);
        Assert.True(refreshed.IsSuccessStatusCode);
    }
}

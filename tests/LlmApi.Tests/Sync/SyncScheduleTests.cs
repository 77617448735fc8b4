using System.Net.Http.Json;
using JanServer.LlmApi.Sync;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.LlmApi.Tests.Sync;

public class SyncScheduleTests
{
    private static readonly Uri Models = new("/v1/models", UriKind.Relative);

    /// <summary>One replica; two of them on one database are a deployment.</summary>
    private sealed class Replica : LlmApiFactory, IAsyncDisposable
    {
        public static async Task<Replica> StartAsync(Uri provider, string? database = null)
        {
            var replica = new Replica();
            replica["Upstreams:ReloadPeriod"] = "00:00:00.100";
            replica["Upstreams:ListingPeriod"] = "00:00:00.200";
            replica["Upstreams:Lease"] = "00:00:00.600";
            replica["Providers:Encryption:Key"] = "a-master-key-for-tests-that-is-long-enough";
            if (database is not null)
            {
                replica["ConnectionStrings:llmdb"] = database;
            }

            replica.AddProvider(provider);
            await replica.InitializeAsync();
            return replica;
        }

        async ValueTask IAsyncDisposable.DisposeAsync() => await ((IAsyncLifetime)this).DisposeAsync();

        public SyncSchedule Schedule => Services.GetRequiredService<SyncSchedule>();

        public async Task<string> ModelsAsync()
        {
            using var client = Client();
            return await client.GetStringAsync(Models);
        }
    }

    [Fact]
    public async Task One_of_two_replicas_asks_the_providers_and_both_know_the_answer()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("before")));
        await using var first = await Replica.StartAsync(upstream.BaseAddress);
        await Eventually.True(async () => (await first.ModelsAsync()).Contains("before", StringComparison.Ordinal));
        await using var second = await Replica.StartAsync(upstream.BaseAddress, first.Database.ConnectionString);
        await Eventually.True(async () => (await second.ModelsAsync()).Contains("before", StringComparison.Ordinal));

        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("after")));
        await Eventually.True(async () => (await first.ModelsAsync()).Contains("after", StringComparison.Ordinal));
        await Eventually.True(async () => (await second.ModelsAsync()).Contains("after", StringComparison.Ordinal));
        Assert.DoesNotContain("before", await second.ModelsAsync(), StringComparison.Ordinal);
        Assert.True(first.Schedule.IsHolder);
        Assert.False(second.Schedule.IsHolder);
    }

    [Fact]
    public async Task A_replica_that_stops_hands_over_at_once_and_one_that_was_killed_when_its_lease_has_run_out()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("m")));
        await using var first = await Replica.StartAsync(upstream.BaseAddress);
        await Eventually.True(() =>
        {
            using var started = first.Anonymous();
            return first.Schedule.IsHolder;
        });
        await using var second = await Replica.StartAsync(upstream.BaseAddress, first.Database.ConnectionString);
        using (second.Anonymous())
        {
            await first.Schedule.StopAsync(CancellationToken.None);
            await Eventually.True(() => second.Schedule.IsHolder);
        }

        // As if the holder were another process that was killed: nobody renews its lease.
        await first.Database.ExecuteAsync($"UPDATE leases SET holder = '{Guid.CreateVersion7()}', expires_at = now() + interval '1 second'");
        await Eventually.True(() => !second.Schedule.IsHolder);
        await Eventually.True(() => second.Schedule.IsHolder);
    }

    [Fact]
    public async Task A_change_made_through_one_replica_reaches_the_other()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("m")));
        upstream.Always("/v1/chat/completions", x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        await using var first = await Replica.StartAsync(upstream.BaseAddress);
        await using var second = await Replica.StartAsync(upstream.BaseAddress, first.Database.ConnectionString);
        await Eventually.True(async () => (await second.ModelsAsync()).Contains("\"m\"", StringComparison.Ordinal));

        using var admin = first.ClientFor(TestCallers.Admin());
        using var off = await admin.PatchAsJsonAsync(new Uri("/v1/admin/models/catalogs/m", UriKind.Relative), new { active = false });
        Assert.True(off.IsSuccessStatusCode, await off.Content.ReadAsStringAsync());
        await Eventually.True(async () => !(await second.ModelsAsync()).Contains("\"m\"", StringComparison.Ordinal));

        await using var other = await FakeUpstream.StartAsync();
        other.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("added")));
        using var created = await admin.PostAsJsonAsync(new Uri("/v1/admin/providers", UriKind.Relative), new { name = "added", base_url = other.BaseAddress });
        Assert.True(created.IsSuccessStatusCode);
        await Eventually.True(async () => (await second.ModelsAsync()).Contains("added", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_idle_deployment_does_not_change_the_version()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models("m")));
        await using var replica = await Replica.StartAsync(upstream.BaseAddress);
        await Eventually.True(async () => (await replica.ModelsAsync()).Contains("\"m\"", StringComparison.Ordinal));
        await Eventually.True(async () => await replica.Database.ScalarAsync<long>("SELECT count(*) FROM provider_syncs") == 2);
        var version = await replica.Database.ScalarAsync<long>("SELECT version FROM catalogue_version");
        var asked = upstream.Requests.Count;
        await Eventually.True(() => upstream.Requests.Count > asked + 3);
        Assert.Equal(version, await replica.Database.ScalarAsync<long>("SELECT version FROM catalogue_version"));
    }
}

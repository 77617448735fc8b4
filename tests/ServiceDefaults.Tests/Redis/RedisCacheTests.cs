using JanServer.ServiceDefaults.Redis;
using JanServer.Testing;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.Redis;

public sealed class RedisCacheTests
{
    [RedisFact]
    public async Task Replicas_see_each_others_values()
    {
        await using var server = await RedisServer.StartAsync();
        await using var one = await HostAsync(server);
        await using var two = await HostAsync(server);

        await Cache(one).SetAsync("k", [1, 2, 3], new());
        Assert.Equal([1, 2, 3], await Cache(two).GetAsync("k"));

        await Cache(two).RemoveAsync("k");
        Assert.Null(await Cache(one).GetAsync("k"));
    }

    [RedisFact]
    public async Task Values_end_when_they_should()
    {
        await using var server = await RedisServer.StartAsync();
        await using var host = await HostAsync(server);
        await using var redis = server.Connect();

        await Cache(host).SetAsync("ever", [1], new());
        await Cache(host).SetAsync("hour", [1], new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });
        await Cache(host).SetAsync("slides", [1], new() { SlidingExpiration = TimeSpan.FromMinutes(1) });
        await Cache(host).SetAsync(
            "both",
            [1],
            new() { SlidingExpiration = TimeSpan.FromHours(2), AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) });

        Assert.Equal(-1, await LifeAsync(redis, "ever"));
        Assert.InRange(await LifeAsync(redis, "hour"), 3_500_000, 3_600_000);
        Assert.InRange(await LifeAsync(redis, "both"), 3_500_000, 3_600_000);
        await redis.ExecuteAsync(RedisCommand.Of("PEXPIRE", "cache:slides", "5000"), default);
        await Cache(host).GetAsync("slides");
        Assert.InRange(await LifeAsync(redis, "slides"), 5_001, 60_000);
    }

    [RedisFact]
    public async Task A_cache_that_is_away_is_an_empty_one_and_the_host_is_degraded()
    {
        await using var server = await RedisServer.StartAsync();
        await using var host = await HostAsync(server);
        Assert.Contains("\"redis\":{\"status\":\"healthy\"}", await host.Client.GetStringAsync("/readyz"), StringComparison.Ordinal);
        await server.KillAsync();

        await Cache(host).SetAsync("k", [1], new());
        Assert.Null(await Cache(host).GetAsync("k"));
        await Eventually.True(async () =>
            (await host.Client.GetStringAsync("/readyz")).Contains("\"status\":\"degraded\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_Redis_the_cache_is_in_the_process()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddSharedCache());

        await Cache(host).SetAsync("k", [7], new());

        Assert.Equal([7], await Cache(host).GetAsync("k"));
    }

    private static Task<TestHost> HostAsync(RedisServer server) => TestHost.StartAsync(
        builder =>
        {
            // The connection string is read while services are registered.
            builder.Configuration["ConnectionStrings:redis"] = server.ConnectionString;
            builder.AddSharedCache();
        });

    private static IDistributedCache Cache(TestHost host) => host.Services.GetRequiredService<IDistributedCache>();

    private static async Task<long> LifeAsync(RedisClient redis, string key) =>
        (await redis.ExecuteAsync(RedisCommand.Of("PTTL", "cache:" + key), default)).Integer;
}

using JanServer.ServiceDefaults.RateLimits;
using JanServer.ServiceDefaults.Redis;
using JanServer.ServiceDefaults.Tests.Redis;
using JanServer.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.ServiceDefaults.Tests.RateLimits;

public sealed class RedisRateLimiterTests
{
    private static readonly RateLimit HundredPerHour = new(100, TimeSpan.FromHours(1));

    [RedisFact]
    public async Task Replicas_share_exactly_the_permits_there_are()
    {
        await using var server = await RedisServer.StartAsync();
        await using var one = await HostAsync(server);
        await using var two = await HostAsync(server);
        IRateLimiter[] replicas = [Limiter(one), Limiter(two)];

        var results = await Task.WhenAll(Enumerable.Range(0, 400).Select(number =>
            replicas[number % 2].TakeAsync("ann", HundredPerHour, 1, default).AsTask()));

        Assert.Equal(100, results.Count(result => result.IsAllowed));
        Assert.All(
            results.Where(result => !result.IsAllowed),
            result => Assert.InRange(result.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(36)));
        Assert.True((await replicas[0].TakeAsync("bob", HundredPerHour, 100, default)).IsAllowed);
    }

    [RedisFact]
    public async Task The_answer_is_the_same_as_in_one_process()
    {
        await using var server = await RedisServer.StartAsync();
        await using var host = await HostAsync(server);
        var clock = new FakeClock();
        var local = new LocalRateLimiter(clock);

        foreach (var permits in (int[])[0, 30, 0, 50, 21, 20, 1, 101])
        {
            var shared = await Limiter(host).TakeAsync("ann", HundredPerHour, permits, default);
            var expected = await local.TakeAsync("ann", HundredPerHour, permits, default);

            // The real clock moves on a little between the calls.
            Assert.Equal((expected.IsAllowed, expected.Limit), (shared.IsAllowed, shared.Limit));
            Assert.InRange(shared.Remaining, expected.Remaining, expected.Remaining + 1);
            Assert.InRange(shared.ResetAfter, expected.ResetAfter - TimeSpan.FromSeconds(30), expected.ResetAfter);
            Assert.InRange(shared.RetryAfter, expected.RetryAfter - TimeSpan.FromSeconds(30), expected.RetryAfter);
        }
    }

    [RedisFact]
    public async Task What_is_taken_is_forgotten_by_itself()
    {
        await using var server = await RedisServer.StartAsync();
        await using var host = await HostAsync(server);
        await using var redis = server.Connect();

        await Limiter(host).TakeAsync("ann", HundredPerHour, 10, default);

        var life = (await redis.ExecuteAsync(RedisCommand.Of("PTTL", "limit:ann"), default)).Integer;
        Assert.InRange(life, 1, 360_000);
    }

    [RedisFact]
    public async Task While_Redis_is_away_the_process_counts_for_itself()
    {
        await using var server = await RedisServer.StartAsync();
        await using var host = await HostAsync(server);
        await Limiter(host).TakeAsync("ann", HundredPerHour, 60, default);
        await server.KillAsync();

        var results = new List<RateLimitResult>();
        for (var call = 0; call < 110; call++)
        {
            results.Add(await Limiter(host).TakeAsync("ann", HundredPerHour, 1, default));
        }

        Assert.Equal(100, results.Count(result => result.IsAllowed));
        await server.RestartAsync();
        await Eventually.True(async () => (await Limiter(host).TakeAsync("ann", HundredPerHour, 1, default)).Remaining == 99);
    }

    private static Task<TestHost> HostAsync(RedisServer server) => TestHost.StartAsync(builder =>
    {
        builder.Configuration["ConnectionStrings:redis"] = server.ConnectionString;
        builder.AddRateLimits();
    });

    private static IRateLimiter Limiter(TestHost host) => host.Services.GetRequiredService<IRateLimiter>();
}

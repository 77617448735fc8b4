using JanServer.ServiceDefaults.RateLimits;
using JanServer.Testing;

namespace JanServer.ServiceDefaults.Tests.RateLimits;

public sealed class LocalRateLimiterTests
{
    private static readonly RateLimit TenPerMinute = RateLimit.PerMinute(10);

    private readonly FakeClock _clock = new();
    private readonly LocalRateLimiter _limiter;

    public LocalRateLimiterTests() => _limiter = new(_clock);

    [Fact]
    public async Task All_permits_may_be_taken_at_once_and_not_one_more()
    {
        for (var taken = 1; taken <= 10; taken++)
        {
            var result = await TakeAsync("ann");
            Assert.True(result.IsAllowed);
            Assert.Equal((10, 10 - taken, TimeSpan.Zero), (result.Limit, result.Remaining, result.RetryAfter));
            Assert.Equal(TimeSpan.FromSeconds(6 * taken), result.ResetAfter);
        }

        var refused = await TakeAsync("ann");
        Assert.False(refused.IsAllowed);
        Assert.Equal((0, TimeSpan.FromSeconds(6)), (refused.Remaining, refused.RetryAfter));
    }

    [Fact]
    public async Task A_permit_comes_back_each_tenth_of_the_window()
    {
        await TakeAsync("ann", 10);

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(1), (await TakeAsync("ann")).RetryAfter);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await TakeAsync("ann")).IsAllowed);
        Assert.False((await TakeAsync("ann")).IsAllowed);
    }

    [Fact]
    public async Task A_window_does_not_double_at_its_edge()
    {
        await TakeAsync("ann", 10);
        _clock.Advance(TimeSpan.FromSeconds(59));

        Assert.True((await TakeAsync("ann", 9)).IsAllowed);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False((await TakeAsync("ann", 2)).IsAllowed);
    }

    [Fact]
    public async Task A_refusal_takes_nothing()
    {
        await TakeAsync("ann", 8);

        Assert.False((await TakeAsync("ann", 3)).IsAllowed);
        Assert.True((await TakeAsync("ann", 2)).IsAllowed);
    }

    [Fact]
    public async Task Looking_takes_nothing()
    {
        Assert.Equal((true, 10), await TakeAsync("ann", 0) is var look ? (look.IsAllowed, look.Remaining) : default);
        Assert.Equal(10, (await TakeAsync("ann", 0)).Remaining);
        Assert.Equal(0, _limiter.Count);
    }

    [Fact]
    public async Task More_than_the_limit_is_never_allowed() => Assert.False((await TakeAsync("ann", 11)).IsAllowed);

    [Fact]
    public async Task Keys_do_not_share_permits()
    {
        await TakeAsync("ann", 10);

        Assert.True((await TakeAsync("bob", 10)).IsAllowed);
    }

    [Fact]
    public async Task Concurrent_requests_get_exactly_the_permits_there_are()
    {
        var results = new bool[1000];
        await Parallel.ForAsync(0, results.Length, async (index, ct) =>
            results[index] = (await _limiter.TakeAsync("ann", RateLimit.PerMinute(100), 1, ct)).IsAllowed);

        Assert.Equal(100, results.Count(allowed => allowed));
    }

    [Fact]
    public async Task Keys_that_are_through_make_room()
    {
        await TakeAsync("ann", 10);
        for (var key = 0; key < LocalRateLimiter.Capacity * 2; key++)
        {
            await TakeAsync($"once-{key}");
            _clock.Advance(TimeSpan.FromMilliseconds(2));
        }

        Assert.InRange(_limiter.Count, 1, LocalRateLimiter.Capacity);
    }

    private ValueTask<RateLimitResult> TakeAsync(string key, int permits = 1) =>
        _limiter.TakeAsync(key, TenPerMinute, permits, CancellationToken.None);
}

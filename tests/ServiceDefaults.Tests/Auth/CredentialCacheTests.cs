using JanServer.ServiceDefaults.Auth;
using JanServer.ServiceDefaults.Auth.Principals;
using JanServer.ServiceDefaults.Errors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JanServer.ServiceDefaults.Tests.Auth;

public sealed class CredentialCacheTests
{
    private static readonly CredentialKey Key = CredentialKey.Of("sk_live_1");
    private static readonly CredentialCheck Good = new(new Caller { Subject = "ann" }, null);
    private static readonly CredentialCheck Bad = new(null, ApiError.Unauthorized("no"));

    private readonly Clock _clock = new();
    private int _asked;

    [Fact]
    public async Task A_good_credential_is_asked_for_once_while_it_is_fresh()
    {
        var cache = Cache();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ann", (await Get(cache, Good)).Caller?.Subject);
        }

        Assert.Equal(1, _asked);
        _clock.Advance(TimeSpan.FromSeconds(16));
        await Get(cache, Bad);
        Assert.Equal(2, _asked);
        Assert.Equal(401, (await Get(cache, Good)).Error?.Status);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_bad_credential_is_refused_without_asking_for_a_moment()
    {
        var cache = Cache();
        await Get(cache, Bad);
        await Get(cache, Bad);
        Assert.Equal(1, _asked);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.NotNull((await Get(cache, Good)).Caller);
    }

    [Fact]
    public async Task Concurrent_requests_share_one_question()
    {
        var cache = Cache();
        var answer = new TaskCompletionSource<CredentialCheck>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Enumerable.Range(0, 50).Select(_ => cache.GetAsync(Key, _ => Count(answer.Task), CancellationToken.None).AsTask()).ToArray();

        answer.SetResult(Good);

        Assert.All(await Task.WhenAll(waiting), check => Assert.Equal("ann", check.Caller?.Subject));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_spoil_the_answer_for_others()
    {
        var cache = Cache();
        var answer = new TaskCompletionSource<CredentialCheck>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var impatient = new CancellationTokenSource();
        var first = cache.GetAsync(Key, _ => Count(answer.Task), impatient.Token).AsTask();
        var second = cache.GetAsync(Key, _ => Count(answer.Task), CancellationToken.None).AsTask();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(Good);

        Assert.NotNull((await second).Caller);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task While_accounts_is_down_a_credential_that_was_good_stays_good_for_the_grace_period()
    {
        var cache = Cache();
        await Get(cache, Good);
        _clock.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal("ann", (await Down(cache)).Caller?.Subject);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(503, (await Down(cache)).Error?.Status);
    }

    [Fact]
    public async Task While_accounts_is_down_an_unknown_credential_is_503_and_not_401_and_not_remembered()
    {
        var cache = Cache();
        Assert.Equal(503, (await Down(cache)).Error?.Status);
        Assert.NotNull((await Get(cache, Good)).Caller);
    }

    [Fact]
    public async Task No_answer_outlives_the_credential()
    {
        var cache = Cache();
        await Get(cache, Good with { ExpiresAt = _clock.GetUtcNow().AddSeconds(3) });
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(503, (await Down(cache)).Error?.Status);
    }

    [Fact]
    public async Task The_memory_is_bounded_and_what_is_used_stays()
    {
        var cache = Cache(capacity: 100);
        for (var i = 0; i < 1000; i++)
        {
            await cache.GetAsync(CredentialKey.Of($"sk_live_x{i}"), _ => Task.FromResult(Good), CancellationToken.None);
            await Get(cache, Good);
        }

        Assert.Equal(1, _asked);
        await cache.GetAsync(CredentialKey.Of("sk_live_x1"), _ => Count(Task.FromResult(Good)), CancellationToken.None);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public void The_key_is_the_hash_that_accounts_stores() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", CredentialKey.Of("abc").ToHex());

    private ValueTask<CredentialCheck> Get(CredentialCache cache, CredentialCheck answer) =>
        cache.GetAsync(Key, _ => Count(Task.FromResult(answer)), CancellationToken.None);

    private static ValueTask<CredentialCheck> Down(CredentialCache cache) =>
        cache.GetAsync(Key, _ => throw new HttpRequestException("down"), CancellationToken.None);

    private Task<CredentialCheck> Count(Task<CredentialCheck> answer)
    {
        Interlocked.Increment(ref _asked);
        return answer;
    }

    private CredentialCache Cache(int capacity = 1000) =>
        new(Options.Create(new CredentialCacheOptions { Capacity = capacity }), _clock, NullLogger<CredentialCache>.Instance);

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}

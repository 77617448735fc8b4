using JanServer.LlmApi.Upstreams;
using JanServer.Testing;

namespace JanServer.LlmApi.Tests.Upstreams;

public class CircuitBreakerTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly FakeClock _clock = new();

    [Fact]
    public void Failures_in_a_row_open_it_and_a_success_between_starts_over()
    {
        var breaker = new CircuitBreaker(_clock, Pause);
        Fail(breaker, CircuitBreaker.Threshold - 1);
        breaker.Succeeded();
        Fail(breaker, CircuitBreaker.Threshold - 1);
        Assert.Equal(CircuitState.Closed, breaker.State);
        Fail(breaker, 1);
        Assert.Equal(CircuitState.Open, breaker.State);
        Assert.False(breaker.TryEnter(out var retryAfter));
        Assert.Equal(Pause, retryAfter);
    }

    [Fact]
    public void After_the_pause_one_request_probes_and_its_success_closes_it()
    {
        var breaker = Opened();
        _clock.Advance(Pause);
        Assert.Equal(CircuitState.HalfOpen, breaker.State);
        Assert.True(breaker.TryEnter(out _));
        Assert.False(breaker.TryEnter(out _));
        breaker.Succeeded();
        Assert.Equal(CircuitState.Closed, breaker.State);
        Assert.True(breaker.TryEnter(out _));
    }

    [Fact]
    public void A_failed_probe_doubles_the_pause_up_to_a_minute()
    {
        var breaker = Opened();
        var pause = Pause;
        for (var i = 0; i < 6; i++)
        {
            _clock.Advance(pause);
            Assert.True(breaker.TryEnter(out _));
            breaker.Failed();
            Assert.False(breaker.TryEnter(out var retryAfter));
            pause = retryAfter;
        }

        Assert.Equal(CircuitBreaker.LongestPause, pause);
    }

    [Fact]
    public void A_probe_whose_client_left_makes_room_for_another()
    {
        var breaker = Opened();
        _clock.Advance(Pause);
        Assert.True(breaker.TryEnter(out _));
        breaker.Abandoned();
        Assert.True(breaker.TryEnter(out _));
    }

    private CircuitBreaker Opened()
    {
        var breaker = new CircuitBreaker(_clock, Pause);
        Fail(breaker, CircuitBreaker.Threshold);
        return breaker;
    }

    private static void Fail(CircuitBreaker breaker, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(breaker.TryEnter(out _));
            breaker.Failed();
        }
    }
}

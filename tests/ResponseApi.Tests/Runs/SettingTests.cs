using System.Diagnostics;
using JanServer.ResponseApi.Runs;

namespace JanServer.ResponseApi.Tests.Runs;

public sealed class SettingTests
{
    [Theory]
    [InlineData("45s", 45)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("250ms", 0.25)]
    [InlineData("2m0.5s", 120.5)]
    [InlineData("300", 300)]
    public void Durations_are_read_as_Go_writes_them(string text, double seconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5x")]
    [InlineData("5s5")]
    [InlineData("1.2.3s")]
    [InlineData("999999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Fact]
    public void A_text_is_cut_at_its_tokens()
    {
        var text = string.Concat(Enumerable.Repeat("one two three ", 400));

        Assert.Null(TokenCount.CutTo("short", 100));
        Assert.Null(TokenCount.CutTo(text, 5000));
        Assert.Equal(50, TokenCount.Of(TokenCount.CutTo(text, 50)!));
        Assert.StartsWith("one two", TokenCount.CutTo(text, 50), StringComparison.Ordinal);
        Assert.DoesNotContain('\uD83D', TokenCount.CutTo(string.Concat(Enumerable.Repeat("😀", 500)), 101)![^1].ToString());
    }

    [Fact]
    public void A_long_text_without_a_space_is_cut_in_time()
    {
        var clock = Stopwatch.StartNew();

        var cut = TokenCount.CutTo(new string('a', 5_000_000), 16_000);

        Assert.NotNull(cut);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }
}

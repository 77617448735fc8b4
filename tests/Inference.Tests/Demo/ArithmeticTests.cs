using JanServer.Inference.Demo;

namespace JanServer.Inference.Tests.Demo;

public sealed class ArithmeticTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("(1 + 2) * 3", "9")]
    [InlineData("2 ^ 3 ^ 2", "512")]
    [InlineData("-2 ^ 2", "-4")]
    [InlineData("10 - 4 - 3", "3")]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("17 % 5", "2")]
    [InlineData("15% * 80", "12")]
    [InlineData("50%", "0.5")]
    [InlineData("5!", "120")]
    [InlineData("sqrt(16) + abs(-3)", "7")]
    [InlineData("2 * pi", "6.2831853072")]
    [InlineData("1e", null)]
    [InlineData("1 +", null)]
    [InlineData("(1", null)]
    [InlineData("1 2", null)]
    [InlineData("system(1)", null)]
    [InlineData("", null)]
    public void An_expression_has_its_value_or_is_no_expression(string text, string? expected) =>
        Assert.Equal(expected, Arithmetic.TryEvaluate(text, out var value) ? Arithmetic.Format(value) : null);

    [Fact]
    public void Deep_nesting_and_great_length_are_refused()
    {
        Assert.False(Arithmetic.TryEvaluate(new string('(', 200) + "1" + new string(')', 200), out _));
        Assert.False(Arithmetic.TryEvaluate(new string('-', 400) + "1", out _));
        Assert.False(Arithmetic.TryEvaluate("1" + string.Concat(Enumerable.Repeat("+1", 400)), out _));
    }

    [Theory]
    [InlineData("What is two plus two?", null)]
    [InlineData("What is 3 times 4?", "12")]
    [InlineData("what's 12 divided by 5", "2.4")]
    [InlineData("How much is 1,000 minus 1?", "999")]
    [InlineData("Calculate the square root of 144", "12")]
    [InlineData("5 squared is what?", "25")]
    [InlineData("What happened on 2026-11-21?", null)]
    [InlineData("Rooms 3-4 are free on the upper floor tonight.", null)]
    public void Arithmetic_is_found_in_a_question_but_not_in_a_date_or_a_range(string text, string? expected) =>
        Assert.Equal(expected, ArithmeticInText.Find(text) is { } found ? Arithmetic.Format(found.Value) : null);
}

using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;

namespace JanServer.LlmApi.Tests.Models;

public class ModelPricingTests
{
    private static readonly PriceLine Prompt = new("per_1k_prompt_tokens", 150);
    private static readonly PriceLine Completion = new("per_1m_completion_tokens", 600_000);

    [Fact]
    public void Prompt_and_completion_are_priced_by_their_own_lines()
    {
        var pricing = new ModelPricing([Prompt, Completion]);
        Assert.Equal(150 + 1200, pricing.CostMicroUsd(new(1000, 2000, 3000, 0, 0)));
        Assert.Equal(0, pricing.CostMicroUsd(default));
    }

    [Fact]
    public void Parts_of_a_micro_dollar_are_summed_before_they_are_rounded()
    {
        var pricing = new ModelPricing([Prompt, Completion]);
        Assert.Equal(1, pricing.CostMicroUsd(new(1, 1, 2, 0, 0)));
        Assert.Equal(0, pricing.CostMicroUsd(new(1, 0, 1, 0, 0)));
    }

    [Fact]
    public void Cached_and_reasoning_tokens_have_their_own_price_or_that_of_what_they_are_part_of()
    {
        var counts = new TokenCounts(10_000, 1000, 11_000, 8000, 400);
        Assert.Equal(1500 + 600, new ModelPricing([Prompt, Completion]).CostMicroUsd(counts));
        Assert.Equal(
            300 + 80 + 360 + 4000,
            new ModelPricing([Prompt, Completion, new("per_1k_cached_tokens", 10), new("per_1k_reasoning_tokens", 10_000)]).CostMicroUsd(counts));
    }

    [Fact]
    public void More_cached_tokens_than_prompt_tokens_do_not_make_a_price_negative() =>
        Assert.Equal(150, new ModelPricing([Prompt]).CostMicroUsd(new(1000, 0, 1000, 5000, 0)));

    [Fact]
    public void A_request_may_have_a_price_of_its_own()
    {
        Assert.Equal(7, new ModelPricing([new("per_request", 7)]).CostMicroUsd(new(1000, 1000, 2000, 0, 0)));
        Assert.Equal(157, new ModelPricing([new("per_request", 7), Prompt]).CostMicroUsd(new(1000, 1000, 2000, 0, 0)));
    }

    [Fact]
    public void Without_a_line_for_it_a_cost_is_unknown()
    {
        Assert.Null(new ModelPricing([]).CostMicroUsd(new(1, 1, 2, 0, 0)));
        Assert.Null(new ModelPricing([new("per_image", 5)]).CostMicroUsd(new(1, 1, 2, 0, 0)));
        Assert.Null(new ModelPricing([Prompt]).CostOfImagesMicroUsd(1));
        Assert.Equal(15, new ModelPricing([new("per_image", 5)]).CostOfImagesMicroUsd(3));
    }
}

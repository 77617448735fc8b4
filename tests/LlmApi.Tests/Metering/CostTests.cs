using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Models;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Requests;
using JanServer.LlmApi.Upstreams;
using JanServer.LlmApi.Usage;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Metering;

public class CostTests
{
    private static readonly ModelPricing Pricing = new(
        [new PriceLine("per_1m_prompt_tokens", 2_000_000), new PriceLine("per_1m_completion_tokens", 8_000_000)]);

    private readonly FakeClock _clock = new();

    [Fact]
    public void A_record_costs_what_its_provider_takes_at_that_moment()
    {
        var exchange = Answered(Pricing);
        exchange.Counts = new(100, 10, 110, 0, 0);
        Assert.Equal(280, UsageRecord.Of(exchange).CostMicroUsd);
    }

    [Fact]
    public void What_was_only_counted_by_its_pieces_costs_too()
    {
        var exchange = Answered(Pricing);
        exchange.Pieces = 4;
        var record = UsageRecord.Of(exchange);
        Assert.Equal((32, true, 4), (record.CostMicroUsd, record.Estimated, record.Tokens.Completion));
    }

    [Fact]
    public void Without_a_price_the_cost_is_unknown_and_not_nothing() => Assert.Null(UsageRecord.Of(Answered(null)).CostMicroUsd);

    [Fact]
    public void What_was_never_answered_has_no_cost() => Assert.Null(UsageRecord.Of(Asked(Pricing)).CostMicroUsd);

    [Fact]
    public void The_id_of_a_record_sorts_as_its_beginning()
    {
        var first = Asked(null);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var second = Asked(null);
        Assert.True(UsageRecord.Of(first).Id < UsageRecord.Of(second).Id);
        Assert.True(UsageRow.FirstIdOf(first.CreatedAt) <= first.Id && UsageRow.FirstIdOf(second.CreatedAt) > first.Id);
    }

    private Exchange Answered(ModelPricing? pricing)
    {
        var exchange = Asked(pricing);
        exchange.SawFirstToken();
        exchange.Status = ExchangeStatus.Succeeded;
        return exchange;
    }

    private Exchange Asked(ModelPricing? pricing)
    {
        var settings = new ProviderSettings(
            "p", "p", new("http://127.0.0.1:1/v1/"), null, ProviderKind.OpenAi, 1, TimeSpan.FromSeconds(1), ProviderSource.Configuration);
        var provider = new Provider(settings, () => new CircuitBreaker(_clock, TimeSpan.FromSeconds(1)));
        var request = new CompletionRequest { Operation = Operation.Chat, Model = "m", Edits = [], Places = new() };
        return new(request, TestCallers.User(), "req_test", _clock) { Offer = new(provider, "m", ModelRoute.Quote("m")) { Pricing = pricing } };
    }
}

using JanServer.LlmApi.Catalogue;
using JanServer.LlmApi.Providers;
using JanServer.LlmApi.Sync;

namespace JanServer.LlmApi.Tests.Sync;

public class SyncPlanTests
{
    private static readonly ProviderSettings Provider = new(
        "config:x", "x", new("http://127.0.0.1:1/v1/"), null, ProviderKind.OpenAi, 0, TimeSpan.FromSeconds(1), ProviderSource.Configuration)
    {
        Vendor = "openrouter",
        EnablesNewModels = false,
    };

    private static readonly ListedModel Llama = new("meta-llama/llama-3") { Name = "Llama", ContextLength = 10, Pricing = [new("per_1m_prompt_tokens", 5)] };

    [Fact]
    public void A_first_look_adds_everything_for_use()
    {
        var plan = Plan(new([], new Dictionary<string, CatalogModel>(), [], true), Llama);
        var model = Assert.Single(plan.NewModels);
        Assert.Equal("meta/llama-3", model.ModelPublicId);
        Assert.True(model.Active);
        var catalog = Assert.Single(plan.NewCatalogs);
        Assert.Equal(("meta/llama-3", CatalogStatus.Filled, "llama"), (catalog.PublicId, catalog.Status, catalog.Family));
        Assert.Equal(catalog.Id, model.CatalogId);
    }

    [Fact]
    public void A_second_look_that_finds_the_same_changes_nothing() => Assert.True(Plan(Stored(Llama), Llama).IsEmpty);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_listed_later_waits_for_an_administrator_unless_the_provider_may_add(bool mayAdd)
    {
        var look = ProviderLook.Of(Provider with { EnablesNewModels = mayAdd }, [Llama, new("qwen/qwen3")], []);
        var added = Assert.Single(SyncPlan.Of(look, null, Stored(Llama), TimeProvider.System).NewModels);
        Assert.Equal(("qwen/qwen3", mayAdd), (added.ModelPublicId, added.Active));
    }

    [Fact]
    public void What_a_provider_says_anew_is_taken_over_and_what_an_administrator_decided_stays()
    {
        var dearer = Llama with { Name = "Llama 3", Pricing = [new("per_1m_prompt_tokens", 9)], ContextLength = 20 };
        var stored = Stored(Llama);
        var plan = Plan(stored with { Models = [stored.Models[0] with { Active = false, Category = "mine" }] }, dearer);
        var model = Assert.Single(plan.ChangedModels);
        Assert.Equal((9, "Llama 3", 20), (model.Pricing[0].AmountMicroUsd, model.DisplayName, model.ContextLength));
        Assert.Equal((false, "mine"), (model.Active, model.Category));
        Assert.Equal(20, Assert.Single(plan.ChangedCatalogs).ContextLength);

        plan = Plan(
            stored with
            {
                Models = [stored.Models[0] with { Edited = true }],
                Catalogs = stored.Catalogs.ToDictionary(one => one.Key, one => one.Value with { Status = CatalogStatus.Updated }),
            },
            dearer);
        Assert.Equal(5, Assert.Single(plan.ChangedModels).Pricing[0].AmountMicroUsd);
        Assert.Empty(plan.ChangedCatalogs);
    }

    [Fact]
    public void A_model_that_is_gone_is_retired_once_and_comes_back_as_it_was()
    {
        var stored = Stored(Llama);
        var retired = Assert.Single(Plan(stored).ChangedModels);
        Assert.NotNull(retired.RetiredAt);
        stored = stored with { Models = [retired] };
        Assert.True(Plan(stored).IsEmpty);
        var back = Assert.Single(Plan(stored, Llama).ChangedModels);
        Assert.Null(back.RetiredAt);
        Assert.Equal(retired.Id, back.Id);
    }

    [Fact]
    public void A_provider_that_did_not_answer_keeps_its_models_and_is_noted_as_down_once()
    {
        var down = new ProviderLook(Provider, null, [(Provider.BaseUrl, "no answer")]);
        var stored = Stored(Llama);
        var plan = SyncPlan.Of(down, null, stored, TimeProvider.System);
        Assert.Empty(plan.ChangedModels);
        Assert.False(Assert.Single(plan.NewHealth).Healthy);
        Assert.True(SyncPlan.Of(down, null, stored with { Health = plan.NewHealth }, TimeProvider.System).IsEmpty);
    }

    [Fact]
    public void Names_that_fall_together_stay_apart_and_variants_share_a_catalogue_row()
    {
        var plan = Plan(
            new([], new Dictionary<string, CatalogModel>(), [], true),
            new("b/hermes"),
            new("a/hermes"),
            new("openai/gpt-4o:x") { CanonicalSlug = "openai/gpt-4o" },
            new("openai/gpt-4o") { CanonicalSlug = "openai/gpt-4o" });
        Assert.Equal(
            ["openrouter/b-hermes", "openrouter/hermes", "openai/gpt-4o-x", "openai/gpt-4o"], plan.NewModels.Select(model => model.ModelPublicId));
        Assert.Equal(3, plan.NewCatalogs.Count);
        Assert.Equal(plan.NewModels[2].CatalogId, plan.NewModels[3].CatalogId);
    }

    private static SyncPlan Plan(StoredState stored, params ListedModel[] listed) =>
        SyncPlan.Of(ProviderLook.Of(Provider, listed, []), null, stored, TimeProvider.System);

    private static StoredState Stored(params ListedModel[] listed)
    {
        var plan = Plan(new([], new Dictionary<string, CatalogModel>(), [], true), listed);
        return new(
            plan.NewModels, plan.NewCatalogs.ToDictionary(row => row.PublicId, row => row with { LastSyncedAt = DateTimeOffset.UnixEpoch }), [], false);
    }
}

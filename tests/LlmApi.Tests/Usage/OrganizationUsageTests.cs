using System.Text.Json;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Tests.Metering;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using static JanServer.LlmApi.Tests.Usage.UsageClient;

namespace JanServer.LlmApi.Tests.Usage;

public class OrganizationUsageTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task Completions_look_as_OpenAI_documents_them()
    {
        var caller = TestCallers.User();
        await api.WriteUsageAsync(
            UsageRecords.Of(caller, March), UsageRecords.Of(caller, March, operation: "completion"),
            UsageRecords.Of(caller, March, operation: "embedding"));
        using var client = api.ClientFor(caller);
        var start = March.ToUnixTimeSeconds();
        var page = await client.ReadAsync($"/v1/organization/usage/completions?{From(March, March.AddDays(1))}");
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(
            $$"""
            {"object":"page","data":[{"object":"bucket","start_time":{{start}},"end_time":{{start + 86400}},"results":[{
                "object":"organization.usage.completions.result","input_tokens":20,"input_cached_tokens":8,"input_uncached_tokens":12,
                "output_tokens":10,"num_model_requests":2,"project_id":null,"user_id":null,"api_key_id":null,"model":null,"batch":null,
                "service_tier":null}]}],"has_more":false,"next_page":null}
            """).RootElement, page), page.ToString());
    }

    [Fact]
    public async Task Groups_are_named_in_the_results_and_lists_come_with_brackets_or_without()
    {
        var caller = TestCallers.User();
        var key = caller.ByApiKey(Scopes.Inference);
        await api.WriteUsageAsync(
            UsageRecords.Of(caller, March), UsageRecords.Of(key, March), UsageRecords.Of(key, March, model: "vendor/other"));
        using var client = api.ClientFor(caller);
        var range = From(March, March.AddDays(1));

        var all = (await client.ReadAsync(
            $"/v1/organization/usage/completions?{range}&group_by[]=api_key_id&group_by[]=model&group_by=batch&group_by=service_tier")).Results();
        Assert.Equal(3, all.Count);
        Assert.All(all, result => Assert.Equal(("default", false), (result.Text("service_tier"), result.GetProperty("batch").GetBoolean())));
        Assert.Equal(
            [(null, "vendor/model"), (key.ApiKeyId.ToString(), "vendor/model"), (key.ApiKeyId.ToString(), "vendor/other")],
            all.Select(result => (result.Text("api_key_id"), result.Text("model"))).Order());

        var own = (await client.ReadAsync(
            $"/v1/organization/usage/completions?{range}&group_by=user_id&group_by=project_id&api_key_ids={key.ApiKeyId}&models[]=vendor/other")).Results();
        var one = Assert.Single(own);
        Assert.Equal((caller.UserId.ToString(), caller.ProjectId.ToString(), 1), (one.Text("user_id"), one.Text("project_id"), one.Long("num_model_requests")));

        Assert.Empty((await client.ReadAsync($"/v1/organization/usage/completions?{range}&api_key_ids=nonsense")).Results());
        Assert.Empty((await client.ReadAsync($"/v1/organization/usage/completions?{range}&batch=true")).Results());
        Assert.Equal(3, (await client.ReadAsync($"/v1/organization/usage/completions?{range}&batch=false")).Results()[0].Long("num_model_requests"));
    }

    [Fact]
    public async Task Embeddings_and_images_are_told_apart()
    {
        var caller = TestCallers.User();
        await api.WriteUsageAsync(
            UsageRecords.Of(caller, March), UsageRecords.Of(caller, March, operation: UsageOperations.Embedding),
            UsageRecords.Of(caller, March, operation: UsageOperations.ImageGeneration) with { Images = 3 },
            UsageRecords.Of(caller, March, operation: UsageOperations.ImageEdit) with { Images = 1 });
        using var client = api.ClientFor(caller);
        var range = From(March, March.AddDays(1));

        var embeddings = Assert.Single((await client.ReadAsync($"/v1/organization/usage/embeddings?{range}&group_by=model")).Results());
        Assert.Equal(
            ("organization.usage.embeddings.result", 10, 1, "vendor/model"),
            (embeddings.Text("object"), embeddings.Long("input_tokens"), embeddings.Long("num_model_requests"), embeddings.Text("model")));

        var images = (await client.ReadAsync($"/v1/organization/usage/images?{range}&group_by=source")).Results();
        Assert.Equal(
            [("image.edit", 1L), ("image.generation", 3L)],
            images.Select(result => (result.Text("source")!, result.Long("images"))).Order());
        var edits = Assert.Single((await client.ReadAsync($"/v1/organization/usage/images?{range}&sources=image.edit")).Results());
        Assert.Equal(("organization.usage.images.result", 1), (edits.Text("object"), edits.Long("images")));
        Assert.Empty((await client.ReadAsync($"/v1/organization/usage/images?{range}&sources[]=image.variation")).Results());
        Assert.Equal("sources", await client.ParamAsync($"/v1/organization/usage/images?{range}&sources=image"));
    }

    [Fact]
    public async Task Costs_are_dollars_by_day_and_model()
    {
        var caller = TestCallers.User();
        await api.WriteUsageAsync(
            UsageRecords.Of(caller, March) with { CostMicroUsd = 1_500_000 }, UsageRecords.Of(caller, March, model: "vendor/other"),
            UsageRecords.Of(caller, March.AddDays(1)) with { CostMicroUsd = null });
        using var client = api.ClientFor(caller);
        var page = await client.ReadAsync($"/v1/organization/costs?{From(March, March.AddDays(2))}&group_by=line_item");
        var results = page.GetProperty("data")[0].GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(
            [("vendor/model", 1.5m), ("vendor/other", 0.00003m)],
            results.Select(result => (result.Text("line_item")!, result.GetProperty("amount").GetProperty("value").GetDecimal())).Order());
        Assert.Equal("organization.costs.result", results[0].Text("object"));
        Assert.Equal("usd", results[0].GetProperty("amount").Text("currency"));
        Assert.Equal("bucket_width", await client.ParamAsync($"/v1/organization/costs?{From(March)}&bucket_width=1h"));
        Assert.Equal("limit", await client.ParamAsync($"/v1/organization/costs?{From(March)}&limit=181"));
        Assert.Equal("group_by", await client.ParamAsync($"/v1/organization/costs?{From(March)}&group_by=model"));
    }

    [Theory]
    [InlineData("completions", "1d", 7, 31)]
    [InlineData("completions", "1h", 24, 168)]
    [InlineData("completions", "1m", 60, 1440)]
    [InlineData("embeddings", "1d", 7, 31)]
    [InlineData("images", "1d", 7, 31)]
    public async Task Pages_hold_as_many_buckets_as_OpenAIs(string what, string width, int usual, int most)
    {
        using var client = api.Client();
        var path = $"/v1/organization/usage/{what}?{From(DateTimeOffset.UtcNow.AddDays(-30))}&bucket_width={width}";
        if (width == "1d")
        {
            path = $"/v1/organization/usage/{what}?{From(March)}&bucket_width={width}";
        }

        Assert.Equal(usual, (await client.ReadAsync(path)).GetProperty("data").GetArrayLength());
        Assert.Equal(most, (await client.ReadAsync($"{path}&limit={most}")).GetProperty("data").GetArrayLength());
        Assert.Equal("limit", await client.ParamAsync($"{path}&limit={most + 1}"));
        Assert.Equal("start_time", await client.ParamAsync($"/v1/organization/usage/{what}"));
    }

    [Fact]
    public async Task Nothing_is_given_after_the_bucket_of_now()
    {
        using var client = api.Client();
        var future = DateTimeOffset.UtcNow.AddDays(3);
        var page = await client.ReadAsync($"/v1/organization/usage/completions?{From(future.AddDays(-4), future)}&bucket_width=1h&limit=168");
        Assert.InRange(page.GetProperty("data").GetArrayLength(), 24, 26);
        Assert.Empty((await client.ReadAsync($"/v1/organization/usage/completions?{From(future)}")).GetProperty("data").EnumerateArray());
    }
}

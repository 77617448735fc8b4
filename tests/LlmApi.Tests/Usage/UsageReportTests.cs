using System.Net;
using JanServer.LlmApi.Tests.Metering;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using static JanServer.LlmApi.Tests.Usage.UsageClient;

namespace JanServer.LlmApi.Tests.Usage;

public class UsageReportTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task A_request_is_in_its_callers_usage()
    {
        var caller = TestCallers.User();
        using var client = api.ClientFor(caller);
        api.Upstream.NextChat(x => x.JsonAsync(OpenAIShapes.Completion("hi")));
        using var response = await client.ChatAsync();
        await Eventually.Succeeds(async () =>
        {
            var page = await client.ReadAsync("/v1/usage?group_by=model");
            Assert.Equal(1, page.GetProperty("total").Long("requests"));
            Assert.Equal("vendor/model", Assert.Single(page.Results()).Text("model"));
        });
        var record = Assert.Single((await client.ReadAsync("/v1/usage/records")).GetProperty("data").EnumerateArray());
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), record.Text("request_id"));
        Assert.Equal(caller.ProjectId.ToString(), record.Text("project_id"));
    }

    [Fact]
    public async Task Days_without_usage_are_there_and_empty_and_the_total_is_of_the_whole_range()
    {
        var caller = TestCallers.User();
        await api.WriteUsageAsync(
            UsageRecords.Of(caller, March.AddHours(1)),
            UsageRecords.Of(caller, March.AddHours(23).AddMinutes(59)) with { CostMicroUsd = null, Status = "failed" },
            UsageRecords.Of(caller, March.AddDays(2)),
            UsageRecords.Of(caller, March.AddDays(3)));
        using var client = api.ClientFor(caller);

        var page = await client.ReadAsync($"/v1/usage?{From(March.AddHours(5), March.AddDays(3))}");
        Assert.Equal([2, 0, 1], page.GetProperty("data").EnumerateArray()
            .Select(bucket => bucket.GetProperty("results").EnumerateArray().Sum(result => result.Long("requests"))));
        Assert.Equal(March.ToUnixTimeSeconds(), page.GetProperty("data")[0].Long("start_time"));
        Assert.Equal(March.AddDays(1).ToUnixTimeSeconds(), page.GetProperty("data")[0].Long("end_time"));
        Assert.Equal("bucket", page.GetProperty("data")[0].Text("object"));

        var total = page.GetProperty("total");
        Assert.Equal(
            (3, 1, 30, 12, 15, 6, 1),
            (total.Long("requests"), total.Long("failures"), total.Long("input_tokens"), total.Long("cached_tokens"),
                total.Long("output_tokens"), total.Long("reasoning_tokens"), total.Long("unpriced_requests")));
        Assert.Equal(0.00006m, total.GetProperty("cost_usd").GetDecimal());
    }

    [Fact]
    public async Task Hours_and_minutes_say_the_same_as_days()
    {
        var caller = TestCallers.User();
        await api.WriteUsageAsync(
            UsageRecords.Of(caller, March.AddMinutes(61)), UsageRecords.Of(caller, March.AddMinutes(61.5)),
            UsageRecords.Of(caller, March.AddMinutes(62)), UsageRecords.Of(caller, March.AddMinutes(125)));
        using var client = api.ClientFor(caller);
        var range = From(March, March.AddHours(3));

        var days = await client.ReadAsync($"/v1/usage?{range}&bucket_width=1d");
        var hours = await client.ReadAsync($"/v1/usage?{range}&bucket_width=1h");
        var minutes = await client.ReadAsync($"/v1/usage?{range}&bucket_width=1m&limit=180");
        Assert.Equal([4], days.Results().Select(result => result.Long("requests")));
        Assert.Equal([3, 1], hours.Results().Select(result => result.Long("requests")));
        Assert.Equal([2, 1, 1], minutes.Results().Select(result => result.Long("requests")));
        Assert.Equal(3, hours.GetProperty("data").GetArrayLength());
        Assert.Equal(180, minutes.GetProperty("data").GetArrayLength());
        Assert.All([days, hours, minutes], page => Assert.Equal(4, page.GetProperty("total").Long("requests")));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_overlap()
    {
        var caller = TestCallers.User();
        await api.WriteUsageAsync([.. Enumerable.Range(0, 10).Select(day => UsageRecords.Of(caller, March.AddDays(day)))]);
        using var client = api.ClientFor(caller);
        var query = $"/v1/usage?{From(March, March.AddDays(10))}&limit=4";
        var starts = new List<long>();
        var next = "";
        while (next is not null)
        {
            var page = await client.ReadAsync(query + next);
            starts.AddRange(page.GetProperty("data").EnumerateArray().Select(bucket => bucket.Long("start_time")));
            Assert.Equal(10, page.GetProperty("total").Long("requests"));
            next = page.GetProperty("has_more").GetBoolean() ? $"&page={page.Text("next_page")}" : null;
            Assert.Equal(next is null, page.Text("next_page") is null);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(day => March.AddDays(day).ToUnixTimeSeconds()), starts);
    }

    [Fact]
    public async Task Nobody_sees_what_another_user_or_organization_used()
    {
        var ann = TestCallers.User();
        var bob = TestCallers.User("bob") with { OrganizationId = ann.OrganizationId };
        var eve = TestCallers.User("eve") with { ProjectId = ann.ProjectId };
        await api.WriteUsageAsync(
            UsageRecords.Of(ann, March), UsageRecords.Of(bob, March), UsageRecords.Of(bob, March),
            UsageRecords.Of(ann with { OrganizationId = eve.OrganizationId }, March));

        Assert.Equal((1, 3), await CountsAsync(ann, ""));
        Assert.Equal((2, 3), await CountsAsync(bob, ""));
        Assert.Equal((0, 1), await CountsAsync(eve, ""));
        Assert.Equal((0, 0), await CountsAsync(TestCallers.User(), ""));

        // Naming someone else's does not reach it.
        Assert.Equal((0, 1), await CountsAsync(bob, $"&user_ids={ann.UserId}&organization_ids={eve.OrganizationId}", orOrganization: true));
        Assert.Equal((0, 0), await CountsAsync(TestCallers.User(), $"&project_ids={ann.ProjectId}&user_ids={ann.UserId}"));
    }

    private async Task<(long Own, long Organization)> CountsAsync(Caller caller, string filter, bool orOrganization = false)
    {
        using var client = api.ClientFor(caller);
        if (orOrganization)
        {
            Assert.Equal(0, (await client.ReadAsync($"/v1/organization/usage?{From(March)}{filter}")).GetProperty("total").Long("requests"));
            filter = filter.Split("&organization_ids")[0];
        }

        var single = filter.Replace("_ids=", "_id=", StringComparison.Ordinal);
        var own = (await client.ReadAsync($"/v1/usage?{From(March)}{filter}")).GetProperty("total").Long("requests");
        var organization = (await client.ReadAsync($"/v1/organization/usage?{From(March)}{filter}")).GetProperty("total").Long("requests");
        Assert.Equal(own, (await client.ReadAsync($"/v1/usage/records?{From(March)}{single}")).GetProperty("data").GetArrayLength());
        Assert.Equal(organization, (await client.ReadAsync($"/v1/organization/usage/records?{From(March)}{single}")).GetProperty("data").GetArrayLength());
        var completions = await client.ReadAsync($"/v1/organization/usage/completions?{From(March, March.AddDays(1))}{filter}");
        Assert.Equal(organization, completions.Results().Sum(result => result.Long("num_model_requests")));
        return (own, organization);
    }

    [Fact]
    public async Task Only_an_administrator_sees_all_organizations()
    {
        var (ann, bob) = (TestCallers.User(), TestCallers.User("bob"));
        await api.WriteUsageAsync(UsageRecords.Of(ann, March), UsageRecords.Of(bob, March));
        using var admin = api.ClientFor(TestCallers.Admin());
        var page = await admin.ReadAsync(
            $"/v1/admin/usage?{From(March)}&group_by=organization_id&organization_ids={ann.OrganizationId}&organization_ids[]={bob.OrganizationId}");
        Assert.Equal(
            new[] { ann.OrganizationId.ToString(), bob.OrganizationId.ToString() }.Order(),
            page.Results().Select(result => result.Text("organization_id")).Order());
        var records = await admin.ReadAsync($"/v1/admin/usage/records?organization_id={bob.OrganizationId}");
        Assert.Equal(bob.UserId.ToString(), Assert.Single(records.GetProperty("data").EnumerateArray()).Text("user_id"));

        using var user = api.ClientFor(ann);
        Assert.Equal(HttpStatusCode.Forbidden, await user.StatusAsync("/v1/admin/usage"));
        Assert.Equal(HttpStatusCode.Forbidden, await user.StatusAsync("/v1/admin/usage/records"));
    }

    [Theory]
    [InlineData("/v1/usage")]
    [InlineData("/v1/usage/records")]
    [InlineData("/v1/organization/usage")]
    [InlineData("/v1/organization/usage/records")]
    [InlineData("/v1/organization/usage/completions?start_time=1772323200")]
    [InlineData("/v1/organization/usage/embeddings?start_time=1772323200")]
    [InlineData("/v1/organization/usage/images?start_time=1772323200")]
    [InlineData("/v1/organization/costs?start_time=1772323200")]
    public async Task A_key_needs_the_scope(string path)
    {
        var caller = TestCallers.User();
        using var without = api.ClientFor(caller.ByApiKey(Scopes.Inference, Scopes.ModelsRead, Scopes.Conversations));
        using var with = api.ClientFor(caller.ByApiKey(Scopes.UsageRead));
        Assert.Equal(HttpStatusCode.Forbidden, await without.StatusAsync(path));
        Assert.Equal(HttpStatusCode.OK, await with.StatusAsync(path));
    }

    [Theory]
    [InlineData("start_time=yesterday", "start_time")]
    [InlineData("start_time=-1", "start_time")]
    [InlineData("start_time=99999999999999999999", "start_time")]
    [InlineData("start_time=0", "start_time")]
    [InlineData("start_time=1772323200&end_time=x", "end_time")]
    [InlineData("start_time=1772323200&end_time=1772323200", "end_time")]
    [InlineData("bucket_width=1w", "bucket_width")]
    [InlineData("bucket_width=1m&start_time=1772323200", "start_time")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=367", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("group_by=user_id", "group_by")]
    [InlineData("group_by[]=model&group_by[]=organization_id", "group_by")]
    [InlineData("batch=perhaps", "batch")]
    [InlineData("page=1", "page")]
    [InlineData("page=page_", "page")]
    [InlineData("page=page_AAAAAAAAAAAAAAAAAAAAAAA", "page")]
    [InlineData("page=page_%00%ff", "page")]
    public async Task Bad_input_is_refused_by_name(string query, string param)
    {
        using var client = api.Client();
        Assert.Equal(param, await client.ParamAsync($"/v1/usage?{query}"));
    }

    [Fact]
    public async Task A_cursor_of_another_range_is_refused()
    {
        using var client = api.Client();
        var page = (await client.ReadAsync($"/v1/usage?{From(March)}&limit=1")).Text("next_page");
        Assert.Equal("page", await client.ParamAsync($"/v1/usage?{From(March.AddDays(2))}&limit=1&page={page}"));
        var hours = (await client.ReadAsync($"/v1/usage?{From(March)}&limit=1&bucket_width=1h")).Text("next_page");
        Assert.Equal("page", await client.ParamAsync($"/v1/usage?{From(March)}&limit=1&page={hours}"));
    }
}

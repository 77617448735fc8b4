using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Metering;
using JanServer.LlmApi.Tests.Metering;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;
using static JanServer.LlmApi.Tests.Usage.UsageClient;

namespace JanServer.LlmApi.Tests.Usage;

public class UsageRecordTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    [Fact]
    public async Task Records_are_paged_newest_first_or_oldest_first()
    {
        var caller = TestCallers.User();
        var rows = Enumerable.Range(0, 7).Select(n => UsageRecords.Of(caller, March.AddMinutes(n))).ToArray();
        await api.WriteUsageAsync([.. rows.Reverse()]);
        using var client = api.ClientFor(caller);
        var ids = rows.Select(row => row.Id.ToString()).ToList();

        Assert.Equal(ids, await WalkAsync(client, "/v1/usage/records?limit=3&order=asc"));
        ids.Reverse();
        Assert.Equal(ids, await WalkAsync(client, "/v1/usage/records?limit=3"));
    }

    [Fact]
    public async Task Records_are_found_by_what_is_in_them()
    {
        var caller = TestCallers.User();
        var key = caller.ByApiKey(Scopes.Inference);
        var conversation = Id<Conversation>.New(TimeProvider.System);
        var mine = UsageRecords.Of(key, March.AddHours(1), "vendor/other", UsageOperations.Embedding) with
        {
            Status = "failed",
            Failure = "timeout",
            RequestId = "req_mine",
            ConversationId = conversation.Value,
            CostMicroUsd = 1_234_567,
        };
        await api.WriteUsageAsync(UsageRecords.Of(caller, March), mine, UsageRecords.Of(caller, March.AddHours(2)));
        using var client = api.ClientFor(caller);
        foreach (var filter in new[]
        {
            "model=vendor/other", "operation=embedding", "status=failed", "request_id=req_mine", $"api_key_id={key.ApiKeyId}",
            $"conversation_id={conversation}", From(March.AddMinutes(1), March.AddHours(2)),
            $"project_id={caller.ProjectId}&user_id={caller.UserId}&status=failed",
        })
        {
            var record = Assert.Single((await client.ReadAsync($"/v1/usage/records?{filter}")).GetProperty("data").EnumerateArray());
            Assert.Equal(mine.Id.ToString(), record.Text("id"));
            Assert.Equal(1.234567m, record.GetProperty("cost_usd").GetDecimal());
            Assert.Equal(conversation.ToString(), record.Text("conversation_id"));
            Assert.Equal(("usage.record", "timeout", 10), (record.Text("object"), record.Text("failure"), record.Long("input_tokens")));
        }
    }

    [Theory]
    [InlineData("after=usage_nonsense")]
    [InlineData("project_id=nonsense")]
    [InlineData("conversation_id=conv_0")]
    [InlineData("api_key_id=nonsense")]
    [InlineData("model=vendor/none")]
    public async Task What_there_is_not_matches_nothing(string filter)
    {
        var caller = TestCallers.User();
        await api.WriteUsageAsync(UsageRecords.Of(caller, March));
        using var client = api.ClientFor(caller);
        Assert.Empty((await client.ReadAsync($"/v1/usage/records?{filter}")).GetProperty("data").EnumerateArray());
    }

    [Theory]
    [InlineData("start_time=x", "start_time")]
    [InlineData("end_time=-3", "end_time")]
    [InlineData("start_time=5&end_time=4", "end_time")]
    [InlineData("status=good", "status")]
    [InlineData("limit=101", "limit")]
    [InlineData("order=up", "order")]
    public async Task Bad_filters_are_refused_by_name(string query, string param)
    {
        using var client = api.Client();
        Assert.Equal(param, await client.ParamAsync($"/v1/usage/records?{query}"));
    }

    private static async Task<List<string>> WalkAsync(HttpClient client, string path)
    {
        var ids = new List<string>();
        for (var after = ""; ;)
        {
            var page = await client.ReadAsync(path + after);
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(record => record.Text("id")!));
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return ids;
            }

            after = $"&after={page.Text("last_id")}";
        }
    }
}

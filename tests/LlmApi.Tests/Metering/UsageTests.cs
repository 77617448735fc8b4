using JanServer.Contracts.Ids;
using JanServer.Contracts.Tenancy;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Streams;
using JanServer.Testing.Upstreams;
using Npgsql;

namespace JanServer.LlmApi.Tests.Metering;

public class UsageTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private sealed record Row(
        Guid Organization, Guid Project, Guid? Key, string RequestId, string Model, string Provider, string UpstreamModel, string Operation,
        bool Stream, string Status, string? Failure, string? Finish, int Prompt, int Completion, int Total, int Cached, int Reasoning,
        bool Estimated, bool HasFirstToken);

    [Fact]
    public async Task A_whole_answer_is_recorded_as_the_provider_counted_it()
    {
        var caller = TestCallers.User().ByApiKey(Scopes.Inference);
        api.Upstream.NextChat(x => x.JsonAsync(
            """{"model":"fake-model","choices":[{"finish_reason":"length"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}"""));
        using var response = await api.ClientFor(caller).ChatAsync();
        var row = await RowAsync(caller);
        Assert.Equal(
            new Row(
                caller.OrganizationId.Value, caller.ProjectId.Value, caller.ApiKeyId!.Value.Value, response.Headers.GetValues("X-Request-Id").Single(),
                "vendor/model", "fake-0", "fake-model", "chat", false, "ok", null, "length", 11, 7, 18, 4, 3, false, true),
            row);
    }

    [Fact]
    public async Task A_stream_is_recorded_with_the_usage_that_its_client_never_saw()
    {
        var caller = TestCallers.User();
        api.Upstream.NextChat(x => OpenAIShapes.StreamAsync(x, "a", "b", "c"));
        using var response = await api.ClientFor(caller).StreamAsync();
        Assert.DoesNotContain("usage", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var row = await RowAsync(caller);
        Assert.Equal(("ok", true, "stop", 3, 3, false), (row.Status, row.Stream, row.Finish, row.Prompt, row.Completion, row.Estimated));
        Assert.Null(row.Key);
    }

    [Fact]
    public async Task A_stream_without_usage_is_estimated_by_its_pieces()
    {
        var caller = TestCallers.User();
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await x.EventAsync(OpenAIShapes.Chunk("b"));
            await x.EventAsync(OpenAIShapes.FinishChunk());
            await x.DoneAsync();
        });
        using var response = await api.ClientFor(caller).StreamAsync();
        await response.Content.ReadAsStringAsync();
        var row = await RowAsync(caller);
        Assert.Equal((0, 3, true), (row.Prompt, row.Completion, row.Estimated));
    }

    [Fact]
    public async Task A_failure_is_recorded_with_its_reason()
    {
        var caller = TestCallers.User();
        api.Upstream.NextChat(x => x.ErrorAsync(400, "x", "bad"));
        using var response = await api.ClientFor(caller).ChatAsync();
        var row = await RowAsync(caller);
        Assert.Equal(("failed", "refused", 0, false, false), (row.Status, row.Failure, row.Total, row.Estimated, row.HasFirstToken));
    }

    [Fact]
    public async Task A_client_that_leaves_is_recorded_with_what_it_got()
    {
        var caller = TestCallers.User();
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await x.StallAsync();
        });
        using (var response = await api.ClientFor(caller).StreamAsync())
        {
            using var events = await SseReader.OpenAsync(response);
            await events.NextAsync();
        }

        var row = await RowAsync(caller);
        Assert.Equal(("cancelled", 1, true), (row.Status, row.Completion, row.Estimated));
    }

    private async Task<Row> RowAsync(Caller caller)
    {
        var rows = new List<Row>();
        await Eventually.Succeeds(async () =>
        {
            rows = await ReadAsync(caller.UserId);
            Assert.Single(rows);
        });
        return rows[0];
    }

    private async Task<List<Row>> ReadAsync(Id<UserRef> user)
    {
        await using var command = api.Database.DataSource.CreateCommand(
            """
            SELECT organization_id, project_id, api_key_id, request_id, model, provider, upstream_model, operation, stream, status, failure,
                finish_reason, prompt_tokens, completion_tokens, total_tokens, cached_tokens, reasoning_tokens, estimated, first_token_ms
            FROM usage_records WHERE user_id = $1
            """);
        command.Parameters.Add(new() { Value = user.Value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<Row>();
        while (await reader.ReadAsync())
        {
            rows.Add(Read(reader));
        }

        return rows;
    }

    private static Row Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.GetString(3), reader.GetString(4),
        reader.GetString(5), reader.GetString(6), reader.GetString(7), reader.GetBoolean(8), reader.GetString(9),
        reader.IsDBNull(10) ? null : reader.GetString(10), reader.IsDBNull(11) ? null : reader.GetString(11), reader.GetInt32(12),
        reader.GetInt32(13), reader.GetInt32(14), reader.GetInt32(15), reader.GetInt32(16), reader.GetBoolean(17), !reader.IsDBNull(18));
}

using JanServer.LlmApi.Metering;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;
using JanServer.Testing.Upstreams;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JanServer.LlmApi.Tests.Metering;

/// <summary>A replica that looks after others often, but does not take a slow test for a dead replica.</summary>
public class WatchfulReplica : LlmApiFactory
{
    public override async Task InitializeAsync()
    {
        this["Usage:Heartbeat"] = "00:00:00.050";
        this["Usage:ReplicaTimeout"] = "00:00:04";
        await base.InitializeAsync();
    }
}

public class OpenExchangeTests(WatchfulReplica api) : IClassFixture<WatchfulReplica>
{
    [Fact]
    public async Task A_stream_is_open_until_its_usage_is_written()
    {
        var caller = TestCallers.User().ByApiKey(Scopes.Inference);
        var end = new TaskCompletionSource();
        using var response = await BeginAsync(caller, end.Task);
        await Eventually.Succeeds(async () => Assert.Equal(1, await OpenAsync(caller)));
        Assert.Equal(0, await CountAsync("usage_records", caller));
        Assert.Equal(
            api.Services.GetRequiredService<OpenExchanges>().Replica,
            await api.Database.ScalarAsync<Guid>($"SELECT replica_id FROM open_exchanges WHERE user_id = '{caller.UserId.Value}'"));

        // How far the stream is comes with the heartbeat.
        await Eventually.Succeeds(async () => Assert.Equal(
            1, await api.Database.ScalarAsync<int>($"SELECT pieces FROM open_exchanges WHERE user_id = '{caller.UserId.Value}'")));

        end.SetResult();
        await response.Content.ReadAsStringAsync().Soon();
        await Eventually.Succeeds(async () => Assert.Equal((1, 0), (await CountAsync("usage_records", caller), await OpenAsync(caller))));
        Assert.Equal("ok", await StatusAsync(caller));
    }

    [Fact]
    public async Task What_a_dead_replica_left_open_is_recorded_once_and_what_living_ones_have_open_is_left_alone()
    {
        var (dead, living) = (TestCallers.User(), TestCallers.User());
        await using var other = new WatchfulReplica();
        other["ConnectionStrings:llmdb"] = api.Database.ConnectionString;
        await other.InitializeAsync();
        using var otherClient = other.ClientFor(living);

        var end = new TaskCompletionSource();
        using var stream = await BeginAsync(living, end.Task);
        await Eventually.Succeeds(async () => Assert.Equal(1, await OpenAsync(living)));

        await LeaveAsync(dead, 3, pieces: 7);
        await Eventually.Succeeds(async () => Assert.Equal((3, 0), (await CountAsync("usage_records", dead), await OpenAsync(dead))));
        Assert.Equal((3, 3, 21), await SumsAsync(dead));
        await using var command = api.Database.DataSource.CreateCommand(
            "SELECT failure, estimated, stream, cost_micro_usd IS NULL, provider, duration_ms FROM usage_records WHERE user_id = $1 LIMIT 1");
        command.Parameters.Add(new() { Value = dead.UserId.Value });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal(
            ("replica_lost", true, true, true, "fake-0", 60_000),
            (reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetString(4), reader.GetInt32(5)));

        Assert.Equal((0, 1), (await CountAsync("usage_records", living), await OpenAsync(living)));
        end.SetResult();
        await stream.Content.ReadAsStringAsync().Soon();
        await Eventually.Succeeds(async () => Assert.Equal("ok", await StatusAsync(living)));
        Assert.Equal(1, await CountAsync("usage_records", living));
    }

    [Fact]
    public async Task Replicas_that_sweep_at_once_record_each_stream_once()
    {
        const int streams = 1300;
        var caller = TestCallers.User();
        var replica = await LeaveAsync(caller, streams, pieces: 1, known: false);
        var sweepers = Enumerable.Range(0, 4).Select(_ => new LostExchanges(api.Database.DataSource)).ToList();
        var counts = await Task.WhenAll(sweepers.Select(sweeper => sweeper.RecordAsync([replica], CancellationToken.None))).Soon();

        // One that comes while another holds the rows finds none: whoever holds them records them.
        Assert.Equal(streams, counts.Sum());
        Assert.Equal(streams, await CountAsync("usage_records", caller));
        Assert.Equal((streams, streams, streams), await SumsAsync(caller));
        Assert.Equal(0, await OpenAsync(caller));
    }

    [Fact]
    public async Task A_replica_that_was_only_cut_off_has_the_last_word()
    {
        var caller = TestCallers.User();
        var end = new TaskCompletionSource();
        using var response = await BeginAsync(caller, end.Task);
        await Eventually.Succeeds(async () => Assert.Equal(1, await OpenAsync(caller)));
        var me = api.Services.GetRequiredService<OpenExchanges>().Replica;
        await new LostExchanges(api.Database.DataSource).RecordAsync([me], CancellationToken.None);
        Assert.Equal("failed", await StatusAsync(caller));

        end.SetResult();
        await response.Content.ReadAsStringAsync().Soon();
        await Eventually.Succeeds(async () => Assert.Equal("ok", await StatusAsync(caller)));
        Assert.Equal((1, 0, 3), await SumsAsync(caller));
        Assert.Equal((1, 0), (await CountAsync("usage_records", caller), await OpenAsync(caller)));
    }

    [Fact]
    public async Task A_row_that_comes_after_its_stream_has_ended_goes_again()
    {
        var caller = TestCallers.User();
        var record = UsageRecords.Of(caller);
        await api.WriteUsageAsync(record);
        using var started = api.Anonymous();
        var me = api.Services.GetRequiredService<OpenExchanges>().Replica;
        await OpenAsync(caller, record.Id.Value, me, pieces: 1);
        await Eventually.Succeeds(async () => Assert.Equal(0, await OpenAsync(caller)));
        Assert.Equal((1, 0, 5), await SumsAsync(caller));
    }

    private async Task<HttpResponseMessage> BeginAsync(Caller caller, Task end)
    {
        api.Upstream.NextChat(async x =>
        {
            await x.EventAsync(OpenAIShapes.Chunk("a"));
            await end;
            await x.EventAsync(OpenAIShapes.Chunk("b"));
            await x.EventAsync(OpenAIShapes.FinishChunk());
            await x.DoneAsync();
        });
        return await api.ClientFor(caller).StreamAsync();
    }

    /// <summary>What a replica that died a minute after its streams began leaves behind.</summary>
    private async Task<Guid> LeaveAsync(Caller caller, int streams, int pieces, bool known = true)
    {
        var replica = Guid.CreateVersion7();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => OpenAsync(caller, Guid.CreateVersion7(), replica, pieces)));
        if (known)
        {
            await api.Database.ExecuteAsync($"INSERT INTO replicas (id, seen_at) VALUES ('{replica}', '2026-03-10 10:01Z')");
        }

        return replica;
    }

    private async Task OpenAsync(Caller caller, Guid id, Guid replica, int pieces)
    {
        await using var command = api.Database.DataSource.CreateCommand(
            """
            INSERT INTO open_exchanges (
                id, replica_id, created_at, user_id, organization_id, project_id, request_id, operation, model, provider, pieces)
            VALUES ($1, $2, '2026-03-10 10:00Z', $3, $4, $5, 'req_left', 'chat', 'vendor/model', 'fake-0', $6)
            """);
        foreach (var value in new object[] { id, replica, caller.UserId.Value, caller.OrganizationId.Value, caller.ProjectId.Value, pieces })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }

    private Task<long> OpenAsync(Caller caller) => CountAsync("open_exchanges", caller);

    private Task<long> CountAsync(string table, Caller caller) =>
        api.Database.ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE user_id = '{caller.UserId.Value}'");

    private Task<string> StatusAsync(Caller caller) =>
        api.Database.ScalarAsync<string>($"SELECT status FROM usage_records WHERE user_id = '{caller.UserId.Value}'");

    private async Task<(long Requests, long Failures, long Output)> SumsAsync(Caller caller)
    {
        var sums = $"FROM usage_hours WHERE user_id = '{caller.UserId.Value}'";
        return (
            await api.Database.ScalarAsync<long>($"SELECT sum(requests)::bigint {sums}"),
            await api.Database.ScalarAsync<long>($"SELECT sum(failures)::bigint {sums}"),
            await api.Database.ScalarAsync<long>($"SELECT sum(output_tokens)::bigint {sums}"));
    }
}

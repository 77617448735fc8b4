using JanServer.ServiceDefaults.Auth;
using JanServer.Testing;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Metering;

public class UsageWritingTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private sealed record Sums(
        long Requests, long Failures, long Unpriced, long Input, long Cached, long Output, long Reasoning, long Cost);

    [Fact]
    public async Task Rows_that_come_again_after_a_lost_commit_are_counted_once()
    {
        var caller = TestCallers.User();
        var rows = new[] { UsageRecords.Of(caller), UsageRecords.Of(caller) with { Status = "failed", CostMicroUsd = null } };
        await api.WriteUsageAsync(rows);
        await api.WriteUsageAsync(rows);
        await api.WriteUsageAsync([.. rows, UsageRecords.Of(caller)]);

        Assert.Equal(3, await RecordsAsync(caller));
        Assert.Equal(new Sums(3, 1, 1, 30, 12, 15, 6, 60), await SumsAsync(caller));
    }

    [Fact]
    public async Task Sums_are_kept_by_hour_key_model_and_operation()
    {
        var caller = TestCallers.User();
        var at = new DateTimeOffset(2026, 3, 1, 10, 59, 59, 999, TimeSpan.Zero);
        await api.WriteUsageAsync(
            UsageRecords.Of(caller, at),
            UsageRecords.Of(caller, at.AddMilliseconds(1)),
            UsageRecords.Of(caller.ByApiKey(Scopes.Inference), at),
            UsageRecords.Of(caller, at, model: "vendor/other"),
            UsageRecords.Of(caller, at, operation: "embedding"));

        Assert.Equal(5, await ScalarAsync("SELECT count(*) FROM usage_hours WHERE user_id = ", caller));
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM usage_hours WHERE bucket = '2026-03-01 11:00Z' AND user_id = ", caller));
    }

    [Fact]
    public async Task What_is_known_replaces_what_a_sweep_guessed()
    {
        var caller = TestCallers.User();
        var record = UsageRecords.Of(caller);
        await api.WriteUsageAsync(record.Lost());
        Assert.Equal(new Sums(1, 1, 1, 0, 0, 3, 0, 0), await SumsAsync(caller));

        await api.WriteUsageAsync(record, UsageRecords.Of(caller));
        Assert.Equal(2, await RecordsAsync(caller));
        Assert.Equal(new Sums(2, 0, 0, 20, 8, 10, 4, 60), await SumsAsync(caller));

        await api.WriteUsageAsync(record.Lost());
        Assert.Equal(new Sums(2, 0, 0, 20, 8, 10, 4, 60), await SumsAsync(caller));
    }

    [Fact]
    public async Task Replicas_that_write_the_same_sums_at_once_lose_nothing_and_never_deadlock()
    {
        const int writers = 4;
        const int batches = 20;
        const int size = 40;
        var callers = Enumerable.Range(0, 10).Select(_ => TestCallers.User()).ToArray();
        var random = new Random(7);
        var work = Enumerable.Range(0, writers)
            .Select(_ => Enumerable.Range(0, batches)
                .Select(_ => Enumerable.Range(0, size).Select(_ => UsageRecords.Of(callers[random.Next(callers.Length)])).ToArray())
                .ToArray())
            .ToArray();

        await Task.WhenAll(work.Select(async mine =>
        {
            foreach (var rows in mine)
            {
                await api.WriteUsageAsync(rows);
            }
        })).Soon();

        foreach (var caller in callers)
        {
            var count = work.Sum(mine => mine.Sum(rows => rows.Count(row => row.UserId == caller.UserId.Value)));
            Assert.Equal(count, await RecordsAsync(caller));
            Assert.Equal(
                new Sums(count, 0, 0, 10 * count, 4 * count, 5 * count, 2 * count, 30 * count), await SumsAsync(caller));
        }
    }

    private Task<long> RecordsAsync(Caller caller) => ScalarAsync("SELECT count(*) FROM usage_records WHERE user_id = ", caller);

    private Task<long> ScalarAsync(string sql, Caller caller) => api.Database.ScalarAsync<long>($"{sql}'{caller.UserId.Value}'");

    private async Task<Sums> SumsAsync(Caller caller)
    {
        await using var command = api.Database.DataSource.CreateCommand(
            """
            SELECT sum(requests)::bigint, sum(failures)::bigint, sum(unpriced)::bigint, sum(input_tokens)::bigint, sum(cached_tokens)::bigint,
                sum(output_tokens)::bigint, sum(reasoning_tokens)::bigint, sum(cost_micro_usd)::bigint
            FROM usage_hours WHERE user_id = $1
            """);
        command.Parameters.Add(new() { Value = caller.UserId.Value });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5),
            reader.GetInt64(6), reader.GetInt64(7));
    }
}

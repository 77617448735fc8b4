using JanServer.LlmApi.Metering;
using JanServer.ServiceDefaults.Auth;
using JanServer.Testing.Identity;

namespace JanServer.LlmApi.Tests.Metering;

/// <summary>Usage records as requests would have left them.</summary>
internal static class UsageRecords
{
    /// <summary>A request of the caller that used 10 + 5 tokens of <c>vendor/model</c> and cost 30 millionths of a dollar.</summary>
    public static UsageRecord Of(Caller caller, DateTimeOffset? at = null, string model = "vendor/model", string operation = "chat") => new(
        new(Guid.CreateVersion7(at ?? DateTimeOffset.UtcNow)),
        at ?? DateTimeOffset.UtcNow,
        caller.UserId.Value,
        caller.OrganizationId.Value,
        caller.ProjectId.Value,
        caller.ApiKeyId?.Value,
        "req_test",
        operation,
        model,
        "fake-0",
        "fake-model",
        Stream: true,
        "ok",
        Failure: null,
        "stop",
        new TokenCounts(10, 5, 15, 4, 2),
        Estimated: false,
        DurationMs: 100,
        FirstTokenMs: 10)
    {
        CostMicroUsd = 30,
    };

    /// <summary>A record of a new user.</summary>
    public static UsageRecord New() => Of(TestCallers.User());

    /// <summary>As a sweep writes it for a stream whose replica is gone.</summary>
    public static UsageRecord Lost(this UsageRecord record) => record with
    {
        Status = "failed",
        Failure = UsageRecord.ReplicaLost,
        FinishReason = null,
        Tokens = new(0, 3, 3, 0, 0),
        Estimated = true,
        CostMicroUsd = null,
    };

    public static async Task WriteUsageAsync(this LlmApiFactory api, params UsageRecord[] rows)
    {
        await using var connection = await api.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await UsageWriting.WriteAsync(connection, rows, CancellationToken.None);
        await transaction.CommitAsync();
    }
}

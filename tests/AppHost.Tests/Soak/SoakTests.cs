using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using JanServer.AppHost.Tests.WholeSystem;
using JanServer.Testing;
using JanServer.Testing.Upstreams;

namespace JanServer.AppHost.Tests.Soak;

/// <summary>
/// Hundreds of streams at once, clients that leave whenever they like, and <c>kill -9</c> of llm-api in the middle: whatever a client saw
/// the end of is stored once, with its usage, and nothing stays open. <c>benchmarks/README.md</c> says how to run it for longer.
/// </summary>
[Collection(SharedSystem.Name)]
public sealed class SoakTests(JanServerSystem system)
{
    private const int Clients = 500;
    private const int TurnsBeforeTheFirstKill = 150;
    private const int TurnsBetweenKills = 2000;
    private const string Model = "soak-model";

    private static readonly int TurnsPerClient =
        int.Parse(Environment.GetEnvironmentVariable("JANSERVER_SOAK_TURNS") ?? "2", CultureInfo.InvariantCulture);

    [Fact]
    public async Task What_a_client_saw_end_is_stored_once_with_its_usage_whatever_dies()
    {
        await using var upstream = await FakeUpstream.StartAsync();
        var model = new SoakModel();
        upstream.Always("/v1/models", x => x.JsonAsync(OpenAIShapes.Models(Model)));
        upstream.Always("/v1/chat/completions", model.AnswerAsync);
        using var admin = system.Client(await system.AdminTokenAsync());
        using var created = await admin.PostAsJsonAsync(
            "/v1/admin/providers", new { name = "soak", vendor = "custom", base_url = upstream.BaseAddress.ToString() });
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        using var user = system.Client(await system.ApiKeyAsync(await system.AdminTokenAsync()));
        await IsListedAsync(user);
        var turns = await RunAsync(user);
        await IsListedAsync(user);
        var ended = turns.Where(turn => turn.Ended).ToList();
        Assert.True(ended.Count > Clients / 2, $"only {ended.Count} of {turns.Count} turns ended");
        Assert.Contains(turns, turn => turn.Left);

        await Parallel.ForEachAsync(ended, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (turn, _) =>
            Assert.Equal([turn.Question, turn.Text], await ItemsAsync(user, turn.Conversation!)));
        var records = await RecordsAsync(user);
        Assert.Equal(records.Count, records.Select(record => record.GetProperty("request_id").GetString()).Distinct().Count());
        var byConversation = records
            .Where(record => record.TryGetProperty("conversation_id", out var id) && id.ValueKind == JsonValueKind.String)
            .ToLookup(record => record.GetProperty("conversation_id").GetString());
        Assert.All(ended, turn => Assert.Equal("ok", byConversation[turn.Conversation].Single().GetProperty("status").GetString()));
        await Eventually.True(() => model.Open == 0, "no connection to the model stays open");
    }

    private static Task IsListedAsync(HttpClient user) => Eventually.True(
        async () => (await user.GetStringAsync(new Uri("/v1/models", UriKind.Relative))).Contains(Model, StringComparison.Ordinal),
        "the model is listed");

    private async Task<IReadOnlyCollection<SoakTurn>> RunAsync(HttpClient user)
    {
        var turns = new ConcurrentBag<SoakTurn>();
        var ended = 0;
        using var oneAtATime = new SemaphoreSlim(1);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (var n = 0; n < TurnsPerClient; n++)
            {
                var turn = new SoakTurn(Model, client, n);
                await turn.RunAsync(user);
                turns.Add(turn);
                if (turn.Ended && Interlocked.Increment(ref ended) is var count
                    && (count == TurnsBeforeTheFirstKill || count % TurnsBetweenKills == 0))
                {
                    system.Kill("llm-api");
                }

                if (!turn.Ended && !turn.Left)
                {
                    await IsBackAsync(user, oneAtATime);
                }
            }
        }));
        Assert.True(ended > TurnsBeforeTheFirstKill, "llm-api was killed in the middle");
        return turns;
    }

    /// <summary>How long a process takes to be there again is no matter of this test: a client goes on when it is.</summary>
    private static async Task IsBackAsync(HttpClient user, SemaphoreSlim oneAtATime)
    {
        await oneAtATime.WaitAsync();
        try
        {
            await IsListedAsync(user);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private static async Task<List<string>> ItemsAsync(HttpClient user, string conversation)
    {
        var items = await JanServerSystem.ReadAsync(
            await user.GetAsync(new Uri($"/v1/conversations/{conversation}/items?order=asc", UriKind.Relative)));
        return [.. items.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()!)];
    }

    private static async Task<List<JsonElement>> RecordsAsync(HttpClient user)
    {
        var records = new List<JsonElement>();
        for (var after = ""; ;)
        {
            var page = await JanServerSystem.ReadAsync(await user.GetAsync(new Uri($"/v1/usage/records?limit=100{after}", UriKind.Relative)));
            records.AddRange(page.GetProperty("data").EnumerateArray());
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return records;
            }

            after = $"&after={page.GetProperty("last_id").GetString()}";
        }
    }
}

using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JanServer.LlmApi.Tests.Conversations;

public class LongConversationTests(LlmApiFactory api) : IClassFixture<LlmApiFactory>
{
    private const int Length = 10_000;

    [Fact]
    public async Task Ten_thousand_items_are_read_along_an_index_and_not_sorted()
    {
        var caller = TestCallers.User();
        using var ann = new Talk(api, caller);
        var (id, branch) = await FillAsync(ann);
        using var scope = api.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<LlmContext>();
        foreach (var (after, ascending) in new (long?, bool)[] { (null, false), (5_000, false), (5_000, true) })
        {
            var plan = await PlanAsync(db, ItemStore.PageOf(db, branch, "MAIN", after, ascending, 21));
            Assert.Contains("using conversation_branch_items_pkey", plan, StringComparison.Ordinal);
            Assert.Contains("conversation_items_pkey", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);

            // Reading backward from the end, every node touches one page of rows at most.
            Assert.DoesNotMatch(@"actual rows=(\d{3,}|2[2-9]|[3-9]\d)\b", plan);
        }

        var newest = await ann.GetAsync($"/{id}/items?limit=3");
        Assert.Equal([Length, Length - 1, Length - 2], newest["data"]!.AsArray().Select(item => item!["sequence_number"]!.GetValue<int>()));
        var next = await ann.GetAsync($"/{id}/items?limit=3&after={newest.Text("last_id")}");
        Assert.Equal(Length - 3, next["data"]![0]!["sequence_number"]!.GetValue<int>());

        // An edit near its end keeps all that is before.
        var user = newest["data"]!.AsArray().First(item => item!.Text("role") == "user")!;
        var edited = await ann.PostAsync($"/{id}/items/{user.Text("id")}/edit", """{"content":"again"}""");
        Assert.InRange(edited["new_branch"]!["item_count"]!.GetValue<int>(), Length - 2, Length);
    }

    [Fact]
    public async Task A_users_conversations_are_listed_along_an_index()
    {
        var caller = TestCallers.User();
        await api.Database.ExecuteAsync(
            $"""
            INSERT INTO conversations (id, user_id, organization_id, project_id, created_at, updated_at)
            SELECT gen_random_uuid(), '{caller.UserId.Value}', '{caller.OrganizationId.Value}', '{caller.ProjectId.Value}', now(), now() - n * interval '1 second'
            FROM generate_series(1, 3000) AS n;
            ANALYZE conversations
            """);
        using var scope = api.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<LlmContext>();
        var plan = await PlanAsync(
            db,
            ConversationStore.Owned(db, caller).OrderByDescending(row => row.UpdatedAt).ThenByDescending(row => row.Id).Take(21));
        Assert.Contains("conversations_owner", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    private static async Task<string> PlanAsync<T>(LlmContext db, IQueryable<T> query)
    {
        await using var command = query.CreateDbCommand();
#pragma warning disable CA2100 // What is explained is the query that EF made.
        command.CommandText = $"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, BUFFERS OFF) {command.CommandText}";
#pragma warning restore CA2100
        await db.Database.OpenConnectionAsync();
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        return string.Join('\n', plan);
    }

    private async Task<(string Id, Id<Branch> Branch)> FillAsync(Talk ann)
    {
        var id = await ann.StartAsync();
        var raw = Id<Conversation>.Parse(id).Value;
        await api.Database.ExecuteAsync(
            $$"""
            WITH said AS (
                INSERT INTO conversation_items (id, conversation_id, type, role, status, content, created_at)
                SELECT gen_random_uuid(), '{{raw}}', 'message', CASE n % 2 WHEN 0 THEN 'assistant' ELSE 'user' END, 'completed',
                    '[{"type":"text","text":"x"}]', now()
                FROM generate_series(1, {{Length}}) AS n
                RETURNING id
            )
            INSERT INTO conversation_branch_items (branch_id, position, item_id)
            SELECT b.id, row_number() OVER (), said.id FROM said, conversation_branches AS b WHERE b.conversation_id = '{{raw}}';
            UPDATE conversation_branches SET item_count = {{Length}}, next_position = {{Length}} + 1 WHERE conversation_id = '{{raw}}';
            ANALYZE conversation_items; ANALYZE conversation_branch_items
            """);
        return (id, new(await api.Database.ScalarAsync<Guid>($"SELECT id FROM conversation_branches WHERE conversation_id = '{raw}'")));
    }
}

using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Branches;
using JanServer.LlmApi.Conversations.Items;
using JanServer.Testing;
using JanServer.Testing.Databases;

namespace JanServer.LlmApi.Tests.Conversations;

public class ItemAppendTests : IAsyncLifetime
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync(typeof(Program).Assembly);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Items_of_several_conversations_go_to_their_active_branches_in_order()
    {
        var first = await ConversationAsync();
        var second = await ConversationAsync();
        await _database.ExecuteAsync(
            $"""
            INSERT INTO conversation_branches (id, conversation_id, name, created_at, updated_at)
            VALUES ('{Guid.CreateVersion7()}', '{second.Value}', 'draft', now(), now());
            UPDATE conversations SET active_branch = 'draft' WHERE id = '{second.Value}'
            """);
        NewItems[] appends =
        [
            new(first, [Item(first, "a"), Item(first, "b")]),
            new(second, [Item(second, "c")]),
            new(second, [Item(second, "d")], await MainOfAsync(second)),
            new(first, [Item(first, "e")]),
        ];
        var places = await AppendAsync(appends);
        Assert.Equal([("MAIN", 1L), ("MAIN", 2), ("draft", 1), ("MAIN", 1), ("MAIN", 3)], places.Select(place => (place.Branch, place.Position)));
        Assert.Equal(appends.SelectMany(append => append.Items).Select(item => item.Id), places.Select(place => place.ItemId));
        Assert.Equal(3, await CountAsync(first));
        Assert.Equal("""[{"type":"input_text","text":"a"}]""", await _database.ScalarAsync<string>(
            $"SELECT content::text FROM conversation_items WHERE id = '{places[0].ItemId.Value}'"));
    }

    private async Task<Id<Branch>> MainOfAsync(Id<Conversation> conversation) => new(await _database.ScalarAsync<Guid>(
        $"SELECT id FROM conversation_branches WHERE conversation_id = '{conversation.Value}' AND name = 'MAIN'"));

    [Fact]
    public async Task The_same_items_can_come_again()
    {
        var conversation = await ConversationAsync();
        NewItems[] appends = [new(conversation, [Item(conversation, "a"), Item(conversation, "b")])];
        Assert.Equal(2, (await AppendAsync(appends)).Count);
        Assert.Empty(await AppendAsync(appends));
        Assert.Single(await AppendAsync([new(conversation, [.. appends[0].Items, Item(conversation, "c")])]));
        Assert.Equal(3, await CountAsync(conversation));
        Assert.Equal(4, await _database.ScalarAsync<long>($"SELECT next_position FROM conversation_branches WHERE conversation_id = '{conversation.Value}'"));
    }

    [Fact]
    public async Task A_conversation_or_branch_that_is_gone_takes_nothing_and_hinders_none()
    {
        var gone = Id<Conversation>.New(Clock);
        var there = await ConversationAsync();
        var places = await AppendAsync(
            [new(gone, [Item(gone, "a")]), new(there, [Item(there, "b")], Id<Branch>.New(Clock)), new(there, [Item(there, "c")])]);
        Assert.Single(places);
        Assert.Equal(1, await CountAsync(there));
    }

    [Fact]
    public async Task Text_that_cannot_be_stored_does_not_lose_the_item()
    {
        var conversation = await ConversationAsync();
        var item = Item(conversation, "nul \0 and half \ud83d of a pair, whole \ud83d\ude00") with { Output = "a\0b", Extra = """{"x":"\u0000"}""" };
        Assert.Single(await AppendAsync([new(conversation, [item])]));
        Assert.Equal("a\ufffdb", await _database.ScalarAsync<string>($"SELECT output FROM conversation_items WHERE id = '{item.Id.Value}'"));
        Assert.Contains("\ud83d\ude00", await _database.ScalarAsync<string>(
            $"SELECT content->0->>'text' FROM conversation_items WHERE id = '{item.Id.Value}'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writers_of_the_same_conversations_take_turns_and_never_share_a_position()
    {
        var conversations = new[] { await ConversationAsync(), await ConversationAsync(), await ConversationAsync() };
        var writers = Enumerable.Range(0, 8).Select(async n =>
        {
            for (var round = 0; round < 5; round++)
            {
                var order = n % 2 == 0 ? conversations : conversations.Reverse();
                await AppendAsync([.. order.Select(conversation => new NewItems(conversation, [Item(conversation, "x"), Item(conversation, "y")]))]);
            }
        });
        await Task.WhenAll(writers).Soon();
        foreach (var conversation in conversations)
        {
            Assert.Equal(80, await CountAsync(conversation));
            Assert.Equal(80, await _database.ScalarAsync<long>(
                $"""
                SELECT count(DISTINCT position) FROM conversation_branch_items m JOIN conversation_branches b ON b.id = m.branch_id
                WHERE b.conversation_id = '{conversation.Value}' AND position BETWEEN 1 AND 80
                """));
        }
    }

    [Fact]
    public async Task A_time_that_is_earlier_does_not_age_a_conversation()
    {
        var conversation = await ConversationAsync();
        await AppendAsync([new(conversation, [Item(conversation, "a")])], Clock.GetUtcNow().AddDays(-1));
        Assert.True(await _database.ScalarAsync<bool>($"SELECT updated_at > now() - interval '1 hour' FROM conversations WHERE id = '{conversation.Value}'"));
    }

    private static ConversationItem Item(Id<Conversation> conversation, string text) => new()
    {
        Id = Id<ConversationItem>.New(Clock),
        ConversationId = conversation,
        Type = ItemVocabulary.Message,
        Role = ItemVocabulary.User,
        Status = ItemVocabulary.Completed,
        Content = ContentBuilder.Text(ContentTypes.InputText, text),
        CreatedAt = Clock.GetUtcNow(),
    };

    private async Task<List<ItemPlace>> AppendAsync(IReadOnlyList<NewItems> appends, DateTimeOffset? now = null)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var places = await ItemAppend.AppendAsync(connection, appends, now ?? Clock.GetUtcNow(), CancellationToken.None);
        await transaction.CommitAsync();
        return places;
    }

    private async Task<Id<Conversation>> ConversationAsync()
    {
        var id = Id<Conversation>.New(Clock);
        await _database.ExecuteAsync(
            $"""
            INSERT INTO conversations (id, user_id, organization_id, project_id, created_at, updated_at)
            VALUES ('{id.Value}', '{Guid.NewGuid()}', '{Guid.NewGuid()}', '{Guid.NewGuid()}', now(), now());
            INSERT INTO conversation_branches (id, conversation_id, name, created_at, updated_at)
            VALUES ('{Guid.CreateVersion7()}', '{id.Value}', 'MAIN', now(), now())
            """);
        return id;
    }

    private Task<int> CountAsync(Id<Conversation> conversation) => _database.ScalarAsync<int>(
        $"SELECT item_count FROM conversation_branches WHERE conversation_id = '{conversation.Value}' AND name = 'MAIN'");
}

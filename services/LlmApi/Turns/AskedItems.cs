using System.Text.Json;
using JanServer.Contracts.Ids;
using JanServer.LlmApi.Conversations;
using JanServer.LlmApi.Conversations.Items;

namespace JanServer.LlmApi.Turns;

/// <summary>
/// Finds the messages of a request that its conversation does not have yet. Clients send the whole history with every turn: what is new
/// follows the last message of the assistant, all of it, such as the results of parallel tool calls. An empty conversation takes everything.
/// </summary>
internal static class AskedItems
{
    /// <summary>How many messages at the end of the request may be new in a conversation that is not empty.</summary>
    public static int CountOf(JsonElement messages)
    {
        var count = 0;
        foreach (var message in messages.EnumerateArray())
        {
            count = RoleOf(message) == ItemVocabulary.Assistant ? 0 : count + (IsStored(message) ? 1 : 0);
        }

        return count;
    }

    /// <summary>The items for what is new.</summary>
    /// <param name="messages">The request's messages.</param>
    /// <param name="tail">The last items of the branch, the oldest first; empty when there are none.</param>
    public static IReadOnlyList<ConversationItem> Of(
        JsonElement messages, IReadOnlyList<StoredMessage> tail, Id<Conversation> conversation, TimeProvider clock)
    {
        var stored = messages.EnumerateArray().Where(IsStored).ToList();
        if (tail.Count > 0)
        {
            var last = stored.FindLastIndex(message => RoleOf(message) == ItemVocabulary.Assistant);
            stored.RemoveRange(0, last + 1);
        }

        // A client that asks again for an answer sends what is stored already.
        var asked = stored.ConvertAll(StoredMessage.Of);
        var known = Math.Min(asked.Count, tail.Count);
        while (known > 0 && !tail.Skip(tail.Count - known).SequenceEqual(asked.Take(known)))
        {
            known--;
        }

        return [.. stored.Skip(known).Select(message => Item(message, conversation, clock))];
    }

    private static string? RoleOf(JsonElement message) => message.GetProperty("role").GetString();

    private static bool IsStored(JsonElement message) => RoleOf(message) is not ("system" or "developer");

    private static ConversationItem Item(JsonElement message, Id<Conversation> conversation, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var role = RoleOf(message)!;
        return new()
        {
            Id = Id<ConversationItem>.New(clock),
            ConversationId = conversation,
            Type = ItemVocabulary.Message,
            Role = role == "function" ? ItemVocabulary.Tool : role,
            Status = ItemVocabulary.Completed,
            Content = MessageContent.Of(message, role),
            CallId = StoredMessage.CallIdOf(message),
            Name = message.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null,
            CompletedAt = now,
            CreatedAt = now,
        };
    }
}

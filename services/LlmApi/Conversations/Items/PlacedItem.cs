namespace JanServer.LlmApi.Conversations.Items;

/// <summary>An item as a branch holds it.</summary>
internal sealed record PlacedItem(ConversationItem Item, string Branch, long Position);
